import { createHash, createHmac } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  followedBy,
  type HistoryKeys,
  lackedKey,
  RecordKeys,
  readRecordKeys,
  recordKeysFile,
  type SignedLink,
} from "./record-keys.ts";

const secretOf = (byte: number) => Buffer.alloc(32, byte).toString("base64");
const keys = (...given: [id: string, byte: number, signs?: boolean][]): RecordKeys =>
  new RecordKeys(
    recordKeysFile.parse({
      keys: given.map(([id, byte, signs = false]) => ({ id, secret: secretOf(byte), signs })),
    }),
  );

const text = fc.string({ maxLength: 40, unit: "binary" });
const link = fc.record({ id: fc.string({ minLength: 1, maxLength: 40, unit: "binary" }), follows: text });
const bytes = fc.uint8Array({ maxLength: 300 });
const history = keys(["a", 1, true]).of("public/default");
const topic = "history-partition-0";

function signed(by: HistoryKeys, of: SignedLink, payload: Uint8Array) {
  return { payload, properties: { id: of.id, ...by.sign(topic, of, payload) } as Record<string, string> };
}

describe("A signed record", () => {
  it("is known as such by everybody who has the key, with its place in the chain, whatever is in it", () => {
    const reader = keys(["b", 2, true], ["a", 1]).of("public/default");
    fc.assert(
      fc.property(link, bytes, (of, payload) => {
        expect(reader.check(topic, signed(history, of, payload))).toEqual({
          is: "signed",
          link: of,
          keyId: "a",
        });
      }),
    );
  });

  it("isn't believed with any byte changed: of its content, its place in the chain or its signature", () => {
    fc.assert(
      fc.property(link, bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (of, payload, place, by) => {
        const message = signed(history, of, payload);
        const changed = Uint8Array.from(payload);
        if (changed.length > 0) {
          changed[place % changed.length] = (changed[place % changed.length] ?? 0) ^ by;
          expect(history.check(topic, { ...message, payload: changed })).toMatchObject({ is: "altered" });
        }
        for (const name of Object.keys(message.properties)) {
          const value = message.properties[name] ?? "";
          const at = place % (value.length + 1);
          const other = `${value.slice(0, at)}${value[at] === "A" ? "B" : "A"}${value.slice(at + 1)}`;
          // Where base64 ends, bits are left that say nothing.
          if (name === "mac" && at >= value.length - 1) continue;
          const properties = { ...message.properties, [name]: other };
          expect(history.check(topic, { payload, properties }).is).toBe("forged");
          // Not there is as good as empty.
          if (value === "") continue;
          const { [name]: _, ...rest } = message.properties;
          const without = history.check(topic, { payload, properties: rest });
          expect(without.is).toBe(name === "mac" ? "unsigned" : "forged");
        }
      }),
    );
  });

  it("isn't believed in another partition, another namespace, or on another record", () => {
    fc.assert(
      fc.property(link, bytes, text, (of, payload, follows) => {
        const message = signed(history, of, payload);
        expect(history.check("history-partition-1", message).is).toBe("forged");
        expect(keys(["a", 1]).of("public/other").check(topic, message).is).toBe("forged");
        if (follows === of.follows) return;
        const properties = { ...message.properties, follows };
        expect(history.check(topic, { payload, properties }).is).toBe("forged");
      }),
    );
  });

  it("isn't believed where its key is another one of that name, or isn't known", () => {
    const message = signed(history, { id: "d1", follows: "c1" }, Buffer.from("{}"));
    expect(keys(["a", 9]).of("public/default").check(topic, message)).toEqual({
      is: "forged",
      why: "its signature is not that of what it says, where it stands",
    });
    expect(keys(["b", 1]).of("public/default").check(topic, message)).toEqual({
      is: "forged",
      why: 'it is signed with a key that isn\'t known here: "a"',
    });
  });

  it.each(["", ".", "a", "a.", "a.x", "a.=", `a.${"A".repeat(43)}`, "constructor.A", "__proto__.A", "€.€"])(
    "isn't one with the signature %j",
    (mac) => {
      const { payload, properties } = signed(history, { id: "d1", follows: "c1" }, Buffer.from("{}"));
      expect(history.check(topic, { payload, properties: { ...properties, mac } }).is).toBe("forged");
    },
  );
});

describe("A claim that is signed with a key which a reader lacks", () => {
  const writer = keys(["k1", 1], ["k2", 2, true], ["k3", 3]).of("public/default");
  const claim = (follows: string) => signed(writer, { id: "c", follows }, Buffer.from("{}"));
  const proofOf = (id: string, byte: number, message = claim("epoch 4")) =>
    keys([id, byte]).of("public/default").check(topic, message);
  const missing = { is: "forged", why: 'it is signed with a key that isn\'t known here: "k2"' };

  it("is told from one that anybody wrote, by each of the other keys of its file", () => {
    for (const [id, byte] of [
      ["k1", 1],
      ["k3", 3],
    ] as const)
      expect(proofOf(id, byte)).toEqual({ ...missing, lacks: { keyId: "k2", follows: "epoch 4" } });
    expect(proofOf("k4", 4)).toEqual(missing);
    expect(proofOf("k1", 4)).toEqual(missing);
    expect(proofOf("k1", 1, claim("d1"))).toEqual(missing);
  });

  it.each(["id", "follows", "sha", "mac", "vouched"])("isn't with another %s", (name) => {
    const message = claim("epoch 4");
    const value = `${name === "follows" ? "epoch " : ""}k9.${message.properties[name]}`;
    const properties = { ...message.properties, [name]: value };
    expect(proofOf("k1", 1, { ...message, properties })).not.toHaveProperty("lacks");
  });

  it("concerns who reads it only where it is next", () => {
    const proof = proofOf("k1", 1);
    expect([0, 3, 4, 5].map((epoch) => lackedKey({ epoch }, proof))).toEqual([
      "k2",
      undefined,
      "k2",
      undefined,
    ]);
    expect(lackedKey({ epoch: 4 }, proofOf("k4", 4))).toBeUndefined();
  });
});

it("A record comes after the one that it builds on, and a claim after the epoch before", () => {
  expect(followedBy({ kind: "decisions", prev: "d1" })).toBe("d1");
  expect(followedBy({ kind: "claim", epoch: 5 })).toBe("epoch 4");
  expect(lackedKey({ epoch: 4 }, undefined)).toBeUndefined();
  expect(lackedKey({ epoch: 0 }, { is: "forged", why: "no" })).toBeUndefined();
  const lacks = { keyId: "k2", follows: "epoch 4" };
  expect(lackedKey({ epoch: 4 }, { is: "unsigned", lacks } as never)).toBeUndefined();
});

it("Claims alone are vouched for, by each key that has not signed them", () => {
  const writer = keys(["k1", 1], ["k2", 2, true], ["k3", 3]).of("public/default");
  const ofClaim = signed(writer, { id: "c", follows: "epoch 4" }, Buffer.from("{}")).properties;
  expect(ofClaim.vouched?.split(" ").map((one) => one.split(".")[0])).toEqual(["k1", "k3"]);
  expect(signed(writer, { id: "d", follows: "c" }, Buffer.from("{}")).properties).not.toHaveProperty(
    "vouched",
  );
  expect(signed(history, { id: "c", follows: "epoch 4" }, Buffer.from("{}")).properties).not.toHaveProperty(
    "vouched",
  );
});

it("Signatures are those of the secret's bytes, as any other program would make them", () => {
  const { mac, sha, follows } = signed(history, { id: "d1", follows: "c1" }, Buffer.from("{}")).properties;
  expect([follows, sha]).toEqual(["c1", createHash("sha256").update("{}").digest("base64url")]);
  const said = JSON.stringify(["downbeat record 1", `public/default/${topic}`, "d1", "c1", sha]);
  const expected = createHmac("sha256", Buffer.alloc(32, 1)).update(said).digest("base64url");
  expect(mac).toBe(`a.${expected}`);
});

it("Records are checked in partitions of history alone", () => {
  const message = signed(history, { id: "d1", follows: "c1" }, Buffer.from("{}"));
  expect(history.proofOf(topic, message)).toMatchObject({ is: "signed" });
  for (const other of [
    "inbox-partition-0",
    "xhistory-partition-0",
    "history-partition-0x",
    "history-partition-",
  ])
    expect(history.proofOf(other, message), other).toBeUndefined();
});

it("The file goes to another thread as it was read", () => {
  const file = recordKeysFile.parse({ keys: [{ id: "a", secret: secretOf(1) }] });
  expect(file).toMatchObject({ unsigned: "untilSigned", keys: [{ signs: false }] });
  expect(new RecordKeys(file).file).toBe(file);
  expect(recordKeysFile.safeParse({ unsigned: "always", keys: file.keys }).success).toBe(false);
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `k${index}`, secret: secretOf(1) }));
  expect([1, 50, 51].map((count) => recordKeysFile.safeParse({ keys: many(count) }).success)).toEqual([
    true,
    true,
    false,
  ]);
});

it("An unknown key is named, not longer than keys are", () => {
  const message = signed(history, { id: "d1", follows: "c1" }, Buffer.from("{}"));
  const properties = { ...message.properties, mac: `${"x".repeat(100)}.AAAA` };
  expect(history.check(topic, { ...message, properties })).toMatchObject({
    why: `it is signed with a key that isn't known here: "${"x".repeat(40)}"`,
  });
});

it("Nothing is signed where no key signs", () => {
  const readers = keys(["a", 1]).of("public/default");
  expect(readers.signs).toBe(false);
  expect(readers.sign(topic, { id: "d1", follows: "c1" }, Buffer.from("{}"))).toEqual({});
});

it("What isn't signed is no record where a log was begun with keys", () => {
  const file = recordKeysFile.parse({ unsigned: "never", keys: [{ id: "a", secret: secretOf(1) }] });
  const check = new RecordKeys(file).of("public/default").check(topic, { payload: Buffer.from("{}") });
  expect(check).toEqual({ is: "forged", why: "it is not signed" });
});

describe("The file of keys", () => {
  function written(text: string, mode = 0o600): string {
    const folder = mkdtempSync(join(tmpdir(), "record-keys-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "keys.json");
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
    return path;
  }
  const one = { id: "a", secret: secretOf(1), signs: true };

  it("is read, and has another fingerprint when a key is added or changed", () => {
    const read = (...all: object[]) => readRecordKeys(written(JSON.stringify({ keys: all })));
    const first = read(one);
    expect([first.ids, first.signingId]).toEqual([["a"], "a"]);
    expect(read({ ...one, signs: false }).fingerprint).toBe(first.fingerprint);
    const others = [read(one, { id: "b", secret: secretOf(2) }), read({ ...one, secret: secretOf(3) })];
    const never = readRecordKeys(written(JSON.stringify({ unsigned: "never", keys: [one] })));
    const all = [first, ...others, never].map(({ fingerprint }) => fingerprint);
    expect(new Set(all).size).toBe(4);
    for (const fingerprint of all) expect(fingerprint).toMatch(/^[0-9a-f]{12}$/);
    const two = [one, { id: "b", secret: secretOf(2) }];
    expect(read(...two.toReversed()).fingerprint).toBe(read(...two).fingerprint);
  });

  it.each([
    ["no JSON", '{"keys": [', /no JSON from line 1/],
    ["no keys", { keys: [] }, /keys: /],
    [
      "a short secret",
      { keys: [{ id: "a", secret: Buffer.alloc(31, 7).toString("base64") }] },
      /at least 32 bytes/,
    ],
    [
      "a secret that is no base64",
      { keys: [{ id: "a", secret: `${"x".repeat(50)}!` }] },
      /keys\.0\.secret: base64/,
    ],
    ["an id with a full stop", { keys: [{ ...one, id: "a.b" }] }, /keys\.0\.id: letters/],
    ["an id twice", { keys: [one, { ...one, signs: false }] }, /: keys: two keys have one id/],
    ["two that sign", { keys: [one, { ...one, id: "b" }] }, /: keys: only one of them signs/],
    ["a word that nobody knows", { keys: [{ ...one, sings: true }] }, /sings/],
  ])("is refused with its name and the reason, without a word of a secret: %s", (_, content, reason) => {
    const path = written(typeof content === "string" ? content : JSON.stringify(content));
    expect(() => readRecordKeys(path)).toThrow(reason);
    expect(() => readRecordKeys(path)).toThrow(`The record keys in ${path} can't be used: `);
    try {
      readRecordKeys(path);
    } catch (error) {
      for (const secret of [one.secret, "xxxxx", "BwcH"]) expect(String(error)).not.toContain(secret);
    }
  });

  it.runIf(process.platform !== "win32")("is refused where others may read it", () => {
    const path = written(JSON.stringify({ keys: [one] }), 0o640);
    expect(() => readRecordKeys(path)).toThrow(/others than its owner may read or write it: chmod 600/);
  });

  it("that isn't there is named", () => {
    expect(() => readRecordKeys("/nowhere/keys.json")).toThrow(
      /The record keys in \/nowhere\/keys.json can't be used: ENOENT/,
    );
  });
});
