import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Where the words come from by which a failure, a refusal or an error is known. */
const folders = [
  "packages/domain/src",
  "packages/engine/src",
  "packages/message-log/src",
  "packages/sdk/src",
];

/** Unions of codes, by the name of their type. */
const unions = [
  "RejectionCode",
  "LogErrorCode",
  "TestEnvironmentErrorCode",
  "TimeoutKind",
  "FailureKind",
  "Delivery",
];

const patterns = [
  /\bfailure\(\s*"\w+",\s*"(\w+)"/g,
  /\bblame\(\s*\w+,\s*"(\w+)"/g,
  /\bkind: "\w+",\s*name: "(\w+)"/g,
  /\bname = "([A-Z]\w+)"/g,
  /\bnew (?:NonRetryableError|BusinessError|RetryLaterError)\(\s*"(\w+)"/g,
];

/** Every code in the source, with the file that it is in. */
export async function errorCodes(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    for (const name of names.filter(
      (name) => name.endsWith(".ts") && !/(^|\/)test\/|\.test\.ts$/.test(name),
    )) {
      const text = await readFile(join(root, folder, name), "utf8");
      for (const pattern of patterns)
        for (const [, code = ""] of text.matchAll(pattern)) found.set(code, join(folder, name));
      for (const [, type = "", members = ""] of text.matchAll(/export type (\w+) =((?:[^;]|\n)*);/g)) {
        if (!unions.includes(type)) continue;
        const withoutComments = members.replaceAll(/\/\*[\s\S]*?\*\//g, "");
        for (const [, code = ""] of withoutComments.matchAll(/"(\w+)"/g)) found.set(code, join(folder, name));
      }
    }
  }
  return found;
}
