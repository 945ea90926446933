import type { IncomingMessage } from "node:http";

/** What stands in a request under a name; nothing where it stands there twice: one of them is somebody else's. */
export function cookieOf({ headers }: Pick<IncomingMessage, "headers">, name: string): string | undefined {
  const found = pairs(headers.cookie).filter((pair) => pair.name === name);
  return found.length === 1 ? found[0]?.value : undefined;
}

export function cookieNames({ headers }: Pick<IncomingMessage, "headers">): readonly string[] {
  return pairs(headers.cookie).map(({ name }) => name);
}

/** The same header without that cookie: who renders pages needs no seal. */
export function withoutCookie(
  header: string | undefined,
  name: (cookie: string) => boolean,
): string | undefined {
  const rest = pairs(header).filter((pair) => !name(pair.name));
  return rest.length === 0 ? undefined : rest.map((pair) => `${pair.name}=${pair.value}`).join("; ");
}

function pairs(header = ""): { readonly name: string; readonly value: string }[] {
  return header.split(";").flatMap((part) => {
    const split = part.indexOf("=");
    return split < 1 ? [] : [{ name: part.slice(0, split).trim(), value: part.slice(split + 1).trim() }];
  });
}

interface CookieParts {
  readonly name: string;
  readonly value: string;
  readonly isSecure: boolean;
  /** s; 0 takes it away */
  readonly maxAge: number;
}

export function setCookie({ name, value, isSecure, maxAge }: CookieParts): string {
  const secure = isSecure ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`;
}
