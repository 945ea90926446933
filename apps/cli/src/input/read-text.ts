import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { CommandFailure } from "../failure.ts";

/** What stands in a file, or (`-`) comes on standard input. */
export async function readText(file: string): Promise<string> {
  if (file === "-") return decoded("Standard input", await buffer(process.stdin));
  try {
    return decoded(file, readFileSync(file));
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure("usage", `${file} can't be read: ${(error as Error).message}`);
  }
}

/**
 * A byte order mark says what the bytes are and is no part of the text. Without one they are UTF-8, or nothing that could be told: in another encoding, letters would be
 * replaced without a word.
 *
 * @throws CommandFailure
 */
export function decoded(where: string, bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : isBigEndian(bytes) ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const shown = encoding.toUpperCase();
    const at = encoding === "utf-8" ? ` (byte ${firstFlaw(bytes) + 1})` : "";
    throw new CommandFailure(
      "usage",
      `${where} is not ${shown}${at}. Save it as UTF-8, or convert it: iconv -f ISO-8859-1 -t UTF-8.`,
    );
  }
}

/** @throws CommandFailure when the terminal hands over what is no UTF-8: Node replaces it before anybody sees it */
export function checkArguments(args: readonly string[]): void {
  const flawed = args.find((text) => text.includes("\ufffd"));
  if (flawed === undefined) return;
  throw new CommandFailure(
    "usage",
    `“${flawed}” is not UTF-8, or holds the character U+FFFD, which stands for letters that were lost. Have the terminal send UTF-8, or give JSON in a file.`,
  );
}

function isBigEndian(bytes: Uint8Array): boolean {
  return bytes[0] === 0xfe && bytes[1] === 0xff;
}

function firstFlaw(bytes: Uint8Array): number {
  let [whole, flawed] = [0, bytes.length];
  // What is cut within a letter is no flaw yet: only the last bytes of a piece decide.
  while (flawed - whole > 1) {
    const middle = (whole + flawed) >> 1;
    if (isBegun(bytes.subarray(0, middle))) whole = middle;
    else flawed = middle;
  }
  return whole;
}

function isBegun(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
