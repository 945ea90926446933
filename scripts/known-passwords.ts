/**
 * Makes the list of known passwords that are long enough to be one here, from a file that has the most used first, one a line:
 * `node scripts/known-passwords.ts 10-million-password-list-top-1000000.txt` (of SecLists, https://github.com/danielmiessler/SecLists, MIT).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestBytes, knownDigest } from "../packages/access/src/accounts/known-digest.ts";
import { passwordProblem } from "../packages/access/src/accounts/password.ts";

const most = 10_000;
const target = join(import.meta.dirname, "../packages/access/src/accounts/known-passwords.ts");
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("Name the file of passwords.");

const long = readFileSync(file, "utf8")
  .split(/\r?\n/)
  .filter((each) => passwordProblem(each) === undefined);
const digests = [...new Set(long.map((each) => knownDigest(each).toString("hex")))].slice(0, most).sort();
const list = Buffer.from(digests.join(""), "hex").toString("base64");
writeFileSync(
  target,
  `/** The ${digests.length} most used passwords that are long enough, by the first ${digestBytes} bytes of their digests. Made by scripts/known-passwords.ts from SecLists (MIT, © Daniel Miessler). */
export const knownPasswords =
  // biome-ignore format: one value
  "${list}";
`,
);
process.stdout.write(`${digests.length} of ${long.length} that are long enough\n`);
