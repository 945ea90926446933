import { readFile } from "node:fs/promises";
import { LogError } from "@downbeat/message-log";
import { accessToken, type OAuthOptions } from "./access-token.ts";
import { readTlsFiles, type TlsFiles, type TlsOptions } from "./tls.ts";
import { expiryOf } from "./web-token.ts";

/** How a process shows the cluster who it is: a token, or a client certificate, or both; and by what it knows the cluster. */
export interface SignInOptions extends TlsOptions {
  readonly token?: string;
  /** Holds the token. Read again for each session, so that whatever renews it there is all that has to be done. */
  readonly tokenFile?: string;
  /** Where the token comes from, if neither of these. */
  readonly oauth?: OAuthOptions;
}

/** What one session or request shows. */
export interface Shown {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsFiles;
  readonly token?: string;
  /** When the first of token and certificate ends, ms since the epoch, if they say so. */
  readonly expiresAt?: number;
}

/** Of options that hold more, such as those of a log. */
export function signInOptions(options: SignInOptions): SignInOptions {
  const { token, tokenFile, oauth, caFile, certFile, keyFile } = options;
  return {
    ...(token !== undefined && { token }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(oauth !== undefined && { oauth }),
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
}

/** @throws LogError `unauthorized` when a file can't be read, what is given is no token or certificate, or nobody issues one */
export async function signIn(options: SignInOptions): Promise<Shown> {
  const tls = tlsFiles(options);
  const given = await currentToken(options);
  const ends = [given?.expiresAt, tls.endsAt].filter((end) => end !== undefined);
  return {
    headers: given === undefined ? {} : { authorization: `Bearer ${given.token}` },
    tls,
    ...(given !== undefined && { token: given.token }),
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) }),
  };
}

/** @throws LogError as `signIn` */
export async function readToken(options: SignInOptions): Promise<string | undefined> {
  return (await currentToken(options))?.token;
}

async function currentToken({
  token,
  tokenFile,
  oauth,
}: SignInOptions): Promise<{ readonly token: string; readonly expiresAt?: number | undefined } | undefined> {
  if (tokenFile !== undefined) return dated(await tokenIn(tokenFile));
  if (token === undefined) return oauth === undefined ? undefined : accessToken(oauth);
  if (isToken(token)) return dated(token);
  throw new LogError("unauthorized", "The token holds characters that no token has.");
}

function dated(token: string): { readonly token: string; readonly expiresAt: number | undefined } {
  return { token, expiresAt: expiryOf(token) };
}

function tlsFiles(options: TlsOptions): TlsFiles {
  try {
    return readTlsFiles(options);
  } catch (cause) {
    throw new LogError("unauthorized", cause instanceof Error ? cause.message : String(cause), { cause });
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
