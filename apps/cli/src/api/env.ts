import { readFileSync } from "node:fs";
import { isLoopbackName } from "@downbeat/access";
import { CommandFailure } from "../failure.ts";
import { loginToken } from "../login/login-token.ts";

/**
 * Who asks: with the token that is given, in a file or in a variable, but never on the command line, which every process of the machine can read; or as
 * whoever signed in at that server.
 *
 * @throws CommandFailure when it can't be read, or anybody on the way could
 */
export async function tokenHeaders(url: string): Promise<Readonly<Record<string, string>>> {
  const token = givenToken() ?? (await loginToken(url));
  if (token === undefined) return {};
  refuseOpenWay(url);
  return bearing(token);
}

export const bearing = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
});

/** @throws CommandFailure where anybody on the way could read what is sent */
export function refuseOpenWay(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== "https:" && !isLoopbackName(hostname))
    throw new CommandFailure(
      "usage",
      `The token would be sent to ${url} for all on the way to read. Use https.`,
    );
}

/** Of the environment. */
export function givenToken(): string | undefined {
  const { DOWNBEAT_TOKEN: token, DOWNBEAT_TOKEN_FILE: file } = process.env;
  const text = token ?? (file === undefined ? undefined : readToken(file));
  if (text === undefined) return undefined;
  const plain = text.trim();
  if (/^[\x21-\x7e]+$/.test(plain)) return plain;
  throw new CommandFailure("usage", `${token === undefined ? file : "DOWNBEAT_TOKEN"} holds no token.`);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandFailure("usage", `The token in ${file} can't be read: ${(error as Error).message}.`);
  }
}
