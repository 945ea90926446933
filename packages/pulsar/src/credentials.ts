import { readFile } from "node:fs/promises";
import { LogError } from "@downbeat/message-log";
import { z } from "zod";

export interface CredentialOptions {
  readonly token?: string;
  /** Holds the token. Read anew for each session, so that whatever renews it there is all that has to be done. */
  readonly tokenFile?: string;
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** When the token says that it ends, ms since the epoch. */
  readonly expiresAt?: number;
}

const claims = z.object({ exp: z.number().optional() });

/** @throws LogError `unauthorized` when the file can't be read, or what is given is no token */
export async function readCredentials(options: CredentialOptions): Promise<Credentials> {
  const token = await readToken(options);
  if (token === undefined) return { headers: {} };
  const expiresAt = expiryOf(token);
  return {
    headers: { authorization: `Bearer ${token}` },
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** @throws LogError as `readCredentials` */
export async function readToken({ token, tokenFile }: CredentialOptions): Promise<string | undefined> {
  if (tokenFile !== undefined) return tokenIn(tokenFile);
  if (token === undefined || isToken(token)) return token;
  throw new LogError("unauthorized", "The token holds characters that no token has.");
}

/** When a JSON Web Token ends, ms since the epoch; `undefined` for one that doesn't, or that is something else. */
export function expiryOf(token: string): number | undefined {
  const [, payload] = token.split(".");
  if (payload === undefined) return undefined;
  try {
    const { data } = claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString()));
    return data?.exp === undefined ? undefined : data.exp * 1_000;
  } catch {
    return undefined;
  }
}

async function tokenIn(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new LogError(
      "unauthorized",
      `The token file ${file} can't be read (${cause.code ?? cause.message}).`,
      {
        cause,
      },
    );
  });
  const token = text.trim();
  if (isToken(token)) return token;
  throw new LogError(
    "unauthorized",
    `The token file ${file} ${token === "" ? "is empty" : "holds no token"}.`,
  );
}

/** What an HTTP header can't hold is no token, and must not get into an error message either. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
