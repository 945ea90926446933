import { readFile } from "node:fs/promises";
import { LogError } from "@downbeat/message-log";
import { tokenFileOf } from "@downbeat/wire";
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

/**
 * @param at the address; where nothing is given, the token of an embedded log that this user runs there is found
 * @throws LogError `unauthorized` when a file can't be read, what is given is no token or certificate, or nobody issues one
 */
export async function signIn(options: SignInOptions, at?: string): Promise<Shown> {
  const tls = tlsFiles(options);
  const given = await currentToken(options, at);
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

interface CurrentToken {
  readonly token: string;
  readonly expiresAt?: number | undefined;
}

async function currentToken(options: SignInOptions, at?: string): Promise<CurrentToken | undefined> {
  const { token, tokenFile, oauth, certFile } = options;
  if (tokenFile !== undefined) return dated(await tokenIn(tokenFile));
  if (token !== undefined) {
    if (isToken(token)) return dated(token);
    throw new LogError("unauthorized", "The token holds characters that no token has.");
  }
  if (oauth !== undefined) return accessToken(oauth);
  const found = at === undefined || certFile !== undefined ? undefined : await tokenFileOf(at);
  return found === undefined ? undefined : dated(await tokenIn(found));
}

function dated(token: string): CurrentToken {
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
