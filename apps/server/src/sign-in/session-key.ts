import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const bytes = 32;

/**
 * What sessions are sealed with; made at the first start, for its owner alone.
 *
 * @throws Error that names the file, when it is no key or can't be made
 */
export function sessionKey(path: string): Uint8Array {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(bytes).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw new Error(`The key of sessions can't be made: ${(error as Error).message}.`);
  }
  const key = Buffer.from(readFileSync(path, "utf8").trim(), "base64url");
  if (key.length !== bytes)
    throw new Error(
      `${path} is no key of sessions. Remove it: another one is made, and everybody signs in again.`,
    );
  return key;
}
