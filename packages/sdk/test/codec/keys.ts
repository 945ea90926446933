import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changePayloadKeys, newPayloadKey } from "@downbeat/protocol";
import { onTestFinished } from "vitest";

/** A file of keys, in a directory of its own: the first for all, and those of subjects. */
export function keyFile(...subjects: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "payload-keys.json");
  const keys = [newPayloadKey("acme-1"), ...subjects.map((subject) => newPayloadKey(undefined, subject))];
  changePayloadKeys(path, () => keys);
  return path;
}
