import { globSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Nobody who builds on Downbeat meets what these have: the simulation, the example. The dashboard shows what the API answers. */
const ownAffair = ["packages/testing", "apps/travel", "apps/web"];
/** Where the words come from by which a failure, a refusal or an error is known. */
const folders = globSync("{packages,apps}/*", { cwd: root }).filter((folder) => !ownAffair.includes(folder));

/** Caught before anybody sees their names, with why. */
const neverShown: Readonly<Record<string, string>> = {
  PlainAnswer: "the client says the status that a server in front of the API answered with",
  StatusError: "becomes a ColdError",
  BadCursor: "the API answers badInput",
  NotOpened: "the server tries again, or says the sentence of CacheInUse",
  NotVouched: "the sign-in page shows its sentence",
  Unconfirmed: "the command line says so, with exit status 6",
  CommandFailure: "the command line says its sentence, with its exit status",
  NotReproducibleError: "its name is NotReproducible",
  UnreadablePayload: "what a codec throws becomes PayloadUnreadable, or PayloadUnreadableError",
  BeingChanged: "the command line says its sentence, and codecs try again",
  LoginOver: "the command line says to sign in again",
  KeysAway: "the server answers 503 with its sentence",
  UsageError: "create-downbeat says its sentence",
};

/** Unions of codes, by the name of their type. */
const unions = [
  "RejectionCode",
  "LogErrorCode",
  "TestEnvironmentErrorCode",
  "TimeoutKind",
  "FailureKind",
  "Delivery",
  "ApiErrorCode",
  "ColdErrorCode",
  "StorageTrouble",
];

const patterns = [
  /\bfailure\(\s*"\w+",\s*"(\w+)"/g,
  /\bblame\(\s*\w+,\s*"(\w+)"/g,
  /\bkind: "\w+",\s*name: "([A-Z]\w+)"/g,
  /\bname = "([A-Z]\w+)"/g,
  /\bexport class (\w+Error) extends\b/g,
  /\bnew (?:NonRetryableError|BusinessError|RetryLaterError)\(\s*"(\w+)"/g,
];

/** Every code in the source, with the file that it is in. */
export async function errorCodes(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    for (const name of names.filter(
      (name) =>
        name.endsWith(".ts") &&
        // The test of boundaries writes files into folders of that name, and takes them away.
        !/(^|\/)(test|bench|node_modules|dist|templates|boundary-\w+)\/|\.test\.ts$/.test(name),
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
  for (const code of Object.keys(neverShown))
    if (!found.delete(code)) throw new Error(`${code} is no code of the source any more.`);
  return found;
}
