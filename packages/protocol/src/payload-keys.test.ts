import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptedOf, maxPayloadBytes, utf8Length } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { mostEncryptable, PayloadKey, UnreadablePayload } from "./payload-cipher.ts";
import {
  changePayloadKeys,
  erasePayloadKeys,
  newPayloadKey,
  PayloadKeyRing,
  parsePayloadKeys,
  payloadSubject,
  readPayloadKeys,
} from "./payload-keys.ts";

const secret = Buffer.alloc(32, 7);
const key = new PayloadKey("acme-2", secret);

function envelope(payload: string) {
  const encrypted = encryptedOf(payload);
  if (encrypted === undefined) throw new Error(`not encrypted: ${payload}`);
  return encrypted;
}

describe("What a key encrypts", () => {
  const payloads = fc.json({ maxDepth: 4 }).map((text) => JSON.stringify(JSON.parse(text)));

  test("comes back letter by letter, and is of no one's reading without it", () => {
    fc.assert(
      fc.property(payloads, fc.string(), (payload, runId) => {
        const encrypted = envelope(key.encrypt(payload, { startOf: runId }));
        expect(key.decrypt(encrypted)).toBe(payload);
        const other = new PayloadKey("acme-2", Buffer.alloc(32, 8));
        expect(() => other.decrypt(encrypted)).toThrow(UnreadablePayload);
      }),
    );
  });

  test.each(["key", "same", "of", "nonce", "data"] as const)("is noticed when its %s was changed", (name) => {
    const encrypted = envelope(key.encrypt('{"iban":"DE02"}', { startOf: "r-1", of: "error" }));
    const { of: _, ...withoutOf } = encrypted;
    const at = name === "of" ? "" : (encrypted[name] ?? "");
    const changed =
      name === "of" ? withoutOf : { ...encrypted, [name]: `${at[0] === "A" ? "B" : "A"}${at.slice(1)}` };
    expect(() => key.decrypt(changed)).toThrow("changed");
  });

  test("is noticed when a part of it is missing, however little is left", () => {
    const encrypted = envelope(key.encrypt('{"iban":"DE02"}'));
    for (const name of ["nonce", "data"] as const)
      for (let length = 0; length < encrypted[name].length - 1; length++)
        expect(() => key.decrypt({ ...encrypted, [name]: encrypted[name].slice(0, length) }), name).toThrow(
          UnreadablePayload,
        );
  });

  test("was read by every version, and is by this one", () => {
    const plain =
      '{"$encrypted":{"v":1,"alg":"A256GCM","key":"acme-2","nonce":"ot39v9Z0IKNMfEg_","data":"0wxZv3wcw18Hlf_cHgaZJjXX-lWZfuMxzQAHx6bc4g"}}';
    const ofError =
      '{"$encrypted":{"v":1,"alg":"A256GCM","key":"acme-2","nonce":"P-BHPf0arvyC6IWt","data":"4MMIWJg8q4ZOot5ntqAxkr_E3eKXeaLW3thr0LQqaw","same":"T_BGsB8dEVh930AzpgH6xg","of":"error"}}';
    for (const payload of [plain, ofError]) expect(key.decrypt(envelope(payload))).toBe('{"iban":"DE02"}');
    const same = { startOf: "r-1", of: "error" } as const;
    expect(envelope(key.encrypt('{"iban":"DE02"}', same)).same).toBe(envelope(ofError).same);
    expect(() => key.decrypt({ ...envelope(plain), data: "" })).toThrow(
      expect.objectContaining({ name: "UnreadablePayload" }),
    );
  });

  test("is another text each time, and says of a start alone whether it is the same", () => {
    const first = key.encrypt('{"a":1,"b":2}', { startOf: "r-1" });
    const again = key.encrypt('{"b":2, "a":1}', { startOf: "r-1" });
    expect(envelope(first).data).not.toBe(envelope(again).data);
    expect(envelope(first).same).toBe(envelope(again).same);
    expect(envelope(key.encrypt('{"a":1,"b":2}', { startOf: "r-2" })).same).not.toBe(envelope(first).same);
    expect(envelope(key.encrypt('{"a":1,"b":3}', { startOf: "r-1" })).same).not.toBe(envelope(first).same);
    expect(envelope(key.encrypt('{"a":1,"b":2}')).same).toBeUndefined();
  });

  test("fits into a payload, up to the limit that is said", () => {
    const longest = new PayloadKey("k".repeat(40), secret);
    const payload = JSON.stringify("x".repeat(mostEncryptable(maxPayloadBytes) - 2));
    const encrypted = longest.encrypt(payload, { startOf: "r", of: "error" });
    expect(utf8Length(encrypted)).toBeLessThanOrEqual(maxPayloadBytes);
    expect(mostEncryptable(maxPayloadBytes)).toBe(98_024);
  });
});

describe("A file of keys", () => {
  function file(): string {
    const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    return join(directory, "payload-keys.json");
  }

  test("is made for its owner alone, and holds what was added", () => {
    const path = file();
    changePayloadKeys(path, (keys) => [...keys, newPayloadKey("acme-1")]);
    changePayloadKeys(path, (keys) => [...keys, newPayloadKey(undefined, "customer=4711")]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [first, second] = readPayloadKeys(path);
    expect(first).toMatchObject({ id: "acme-1", encrypts: true });
    expect(second).toMatchObject({ subject: "customer=4711" });
  });

  test("forgets a subject's keys with all that they could read, and says when", () => {
    const keys = [
      newPayloadKey("acme-1"),
      newPayloadKey("a", "customer=1"),
      newPayloadKey("b", "customer=1"),
      newPayloadKey("c", "customer=12"),
    ];
    const before = new PayloadKeyRing(keys);
    const encrypted = envelope(before.encrypting("customer=1")?.encrypt("1") ?? "");
    expect(encrypted.key).toBe("b");
    const path = file();
    changePayloadKeys(path, () => keys);
    changePayloadKeys(path, (all) => erasePayloadKeys(all, "customer=1", new Date("2026-11-28T10:00:00Z")));
    expect(readFileSync(path, "utf8")).not.toContain('customer=1"');
    const after = new PayloadKeyRing(readPayloadKeys(path));
    expect(() => after.decrypt(encrypted)).toThrow("Its key b was erased on 2026-11-28");
    expect(after.encrypting("customer=1")).toBeUndefined();
    expect(after.encrypting("customer=12")?.id).toBe("c");
    expect(after.encrypting()?.id).toBe("acme-1");
  });

  test("has its newest key encrypt, of those that may, and all of them decrypt", () => {
    const ring = new PayloadKeyRing([
      newPayloadKey("acme-1"),
      newPayloadKey("acme-2"),
      newPayloadKey("acme-3", undefined, false),
    ]);
    expect(ring.encrypting()?.id).toBe("acme-2");
    expect(ring.encrypting(undefined, 1)?.id).toBe("acme-1");
    expect(ring.encrypting(undefined, 2)).toBeUndefined();
    const old = ring.key("acme-1")?.encrypt("[1]") ?? "";
    expect(ring.readable(old)).toBe("[1]");
    expect(ring.readable("[2]")).toBe("[2]");
    const foreign = new PayloadKey("elsewhere", secret).encrypt("[3]");
    expect(ring.readable(foreign)).toBe(foreign);
  });

  test("says whose each key is, and by which labels runs have keys of their own", () => {
    const ring = new PayloadKeyRing([newPayloadKey("all"), newPayloadKey("a", "customer=a=b")]);
    expect(["all", "a", "elsewhere"].map((id) => ring.subjectOf(id))).toEqual([
      "",
      "customer=a=b",
      undefined,
    ]);
    expect(["customer", "customer=a", "order", ""].map((label) => ring.goesBy(label))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test("that is read again makes only those keys again that have changed", () => {
    const [kept, changed] = [newPayloadKey("a"), newPayloadKey("b")];
    const before = new PayloadKeyRing([kept, changed]);
    const made = [before.key("a"), before.key("b")];
    const after = new PayloadKeyRing([kept, newPayloadKey("b"), newPayloadKey("c")], before);
    expect(after.key("a")).toBe(made[0]);
    expect(after.key("b")).not.toBe(made[1]);
    expect(() => after.key("b")?.decrypt(envelope(made[1]?.encrypt("1") ?? ""))).toThrow("another one");
    expect(after.key("c")?.id).toBe("c");
  });

  test("can forget some of a subject's keys, and says of one that it never had no more than that", () => {
    const keys = [newPayloadKey("a", "customer=1"), newPayloadKey("b", "customer=1")];
    const at = new Date("2026-11-28T10:00:00Z");
    const ring = new PayloadKeyRing(erasePayloadKeys(keys, "customer=1", at, new Set(["a", "c"])));
    expect(ring.whyNot("a")).toBe("Its key a was erased on 2026-11-28: nobody can read it any more.");
    expect(ring.encrypting("customer=1")?.id).toBe("b");
    expect(ring.whyNot("c")).toBe("Its key c is not among the keys here.");
    // A second time, the day of the first one stays.
    expect(erasePayloadKeys(erasePayloadKeys(keys, "customer=1", at), "customer=1", new Date())).toEqual([
      { id: "a", erasedAt: at.toISOString() },
      { id: "b", erasedAt: at.toISOString() },
    ]);
  });

  test("has ids and subjects of a form, and keys that encrypt unless it says otherwise", () => {
    const key = { id: "a", secret: secret.toString("base64") };
    const entries = (...keys: object[]) => parsePayloadKeys(JSON.stringify({ keys }));
    expect(entries(key)).toEqual([{ ...key, encrypts: true }]);
    expect(entries({ ...key, encrypts: false })).toEqual([{ ...key, encrypts: false }]);
    for (const id of ["A", "9", "a._-Z", "x".repeat(40)]) expect(entries({ ...key, id })).toHaveLength(1);
    for (const id of ["", "-a", ".a", "a b", "x".repeat(41), "a\n", "\na", "é"])
      expect(() => entries({ ...key, id }), id).toThrow("keys.0");
    for (const subject of ["customer=", "customer=a=b", `a=${"x".repeat(298)}`])
      expect(entries({ ...key, subject })).toHaveLength(1);
    for (const subject of ["customer", "=a", `a=${"x".repeat(299)}`, "\u0000"])
      expect(() => entries({ ...key, subject }), subject).toThrow("keys.0");
    expect(() => entries(key, key)).toThrow("keys: two keys have one id");
    expect(payloadSubject("customer", "a=b")).toBe("customer=a=b");
  });

  test("is read for what was encrypted elsewhere, as for all else, by the bytes that its text stands for", () => {
    const ring = new PayloadKeyRing([{ id: "acme-2", secret: secret.toString("base64"), encrypts: true }]);
    expect(ring.decrypt(envelope(key.encrypt('{"a":1}')))).toBe('{"a":1}');
    expect(ring.readable("{")).toBe("{");
  });

  test.each([
    ["{", "no JSON from line 1"],
    ['{"keys":[{"id":"a","secret":"c2hvcnQ="}]}', "keys.0"],
    [
      '{"keys":[{"id":"a","erasedAt":"2026-11-28T10:00:00Z"},{"id":"a","erasedAt":"2026-11-28T10:00:00Z"}]}',
      "one id",
    ],
  ])("that can't be used is refused, without a word of a secret: %s", (text, reason) => {
    expect(() => parsePayloadKeys(text)).toThrow(reason);
    expect(() => parsePayloadKeys(text)).not.toThrow("c2hvcnQ");
  });

  test("that others may read is refused", () => {
    const path = file();
    writeFileSync(path, '{"keys":[]}', { mode: 0o644 });
    expect(() => readPayloadKeys(path)).toThrow("chmod 600");
  });
});
