import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { PayloadKeyFile, payloadKeysVariables } from "./payload-key-file.ts";
import { changePayloadKeys, erasePayloadKeys, newPayloadKey, readPayloadKeys } from "./payload-keys.ts";

const seen = vi.hoisted(() => ({ derived: 0, afterRead: undefined as (() => void) | undefined }));

vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  const hkdfSync: typeof crypto.hkdfSync = (...given) => {
    seen.derived++;
    return crypto.hkdfSync(...given);
  };
  return { ...crypto, hkdfSync };
});

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const readFileSync = (...given: Parameters<typeof fs.readFileSync>) => {
    const text = fs.readFileSync(...given);
    const after = seen.afterRead;
    seen.afterRead = undefined;
    after?.();
    return text;
  };
  return { ...fs, readFileSync };
});

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const erase = (path: string, subject: string) =>
  changePayloadKeys(path, (keys) => erasePayloadKeys(keys, subject, new Date(0)));

test("A key is derived when it is first used, and not again when the file changes", () => {
  const path = join(directory(), "keys.json");
  const people = Array.from({ length: 500 }, (_, id) => newPayloadKey(`k-${id}`, `customer=${id}`));
  changePayloadKeys(path, () => people);
  seen.derived = 0;
  const file = new PayloadKeyFile(path);
  expect(seen.derived).toBe(0);
  const encrypted = file.ring.encrypting("customer=7")?.encrypt("1") ?? "";
  const once = seen.derived;
  expect(once).toBeGreaterThan(0);
  changePayloadKeys(path, (keys) => [...keys, newPayloadKey("late", "customer=7")]);
  expect(file.ring.readable(encrypted)).toBe("1");
  expect(seen.derived).toBe(once);
  expect(file.ring.encrypting("customer=7")?.id).toBe("late");
  expect(file.ring.encrypting("customer=7", 1)?.id).toBe("k-7");
  // Another secret of that id is another key.
  changePayloadKeys(path, (keys) =>
    keys.map((key) => (key.id === "k-7" ? newPayloadKey("k-7", "customer=7") : key)),
  );
  expect(file.ring.readable(encrypted)).toBe(encrypted);
  erase(path, "customer=7");
  expect(file.ring.key("k-7")).toBeUndefined();
});

test("What changes while the file is read the first time is read again", () => {
  const path = join(directory(), "keys.json");
  changePayloadKeys(path, () => [newPayloadKey("a", "customer=1")]);
  seen.afterRead = () => erase(path, "customer=1");
  expect(new PayloadKeyFile(path).ring.key("a")).toBeUndefined();
});

test("Keys are erased in the file that a link stands for, and the link stays", () => {
  const [shared, conf] = ["shared", "conf"].map((name) => join(directory(), name));
  for (const each of [shared, conf]) mkdirSync(each ?? "");
  const [path, link] = [join(shared ?? "", "keys.json"), join(conf ?? "", "keys.json")];
  changePayloadKeys(path, () => [newPayloadKey("a", "customer=1")]);
  symlinkSync(path, link);
  const file = new PayloadKeyFile(link);
  erase(link, "customer=1");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(realpathSync(link)).toBe(realpathSync(path));
  for (const each of [path, link])
    expect(readPayloadKeys(each)).toMatchObject([{ id: "a", erasedAt: expect.stringContaining("1970") }]);
  expect(file.ring.key("a")).toBeUndefined();
});

test("What has not changed is not read again, and a file that is gone is no file of keys", () => {
  const path = join(directory(), "keys.json");
  changePayloadKeys(path, () => [newPayloadKey("a")]);
  const file = new PayloadKeyFile(path);
  const { ring } = file;
  expect(file.ring).toBe(ring);
  changePayloadKeys(path, (keys) => [...keys, newPayloadKey("b")]);
  const after = file.ring;
  expect(after).not.toBe(ring);
  expect(file.ring).toBe(after);
  rmSync(path);
  expect(() => file.ring).toThrow(`The payload keys in ${path} can't be used: ENOENT`);
});

test("The variable that names the file may be absent, and is not empty", () => {
  const variable = payloadKeysVariables.DOWNBEAT_PAYLOAD_KEYS_FILE;
  expect([undefined, "keys.json"].map((value) => variable.safeParse(value).success)).toEqual([true, true]);
  expect(variable.safeParse("").success).toBe(false);
});
