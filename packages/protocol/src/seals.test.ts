import { createSecretKey } from "node:crypto";
import { expect, test } from "vitest";
import { digestOf, sealsOf } from "./seals.ts";

const secret = (byte: number) => createSecretKey(Buffer.alloc(32, byte));
const secrets = new Map([
  ["k1", secret(1)],
  ["k2", secret(2)],
]);
const value = { a: 1, b: [{ c: null, d: "x" }] };

test("who has a key that signs seals with it, and who has the key knows it, whichever signs there", () => {
  const sealing = sealsOf({ secrets, signingId: "k1" }, "a/b");
  const seal = sealing.seal("command", value);
  expect(sealing.canSeal).toBe(true);
  expect(seal).toMatch(/^k1\.[\w-]{43}$/);
  expect(sealing.isSealed("command", value, seal)).toBe(true);
  const other = sealsOf({ secrets, signingId: "k2" }, "a/b");
  expect(other.isSealed("command", value, seal)).toBe(true);
  expect(other.seal("command", value)).not.toBe(seal);
  expect(sealsOf({ secrets: new Map(), signingId: undefined }, "a/b").isSealed("command", value, seal)).toBe(
    false,
  );
});

test("where no key signs nothing is sealed, and seals are known all the same", () => {
  const readers = sealsOf({ secrets, signingId: undefined }, "a/b");
  expect(readers.canSeal).toBe(false);
  expect(readers.seal("command", value)).toBeUndefined();
  const seal = sealsOf({ secrets, signingId: "k1" }, "a/b").seal("command", value);
  expect(readers.isSealed("command", value, seal)).toBe(true);
  expect(sealsOf({ secrets, signingId: "k9" }, "a/b").seal("command", value)).toBeUndefined();
  const unnamed = new Map([...secrets, ["", secret(3)]]);
  expect(sealsOf({ secrets: unnamed, signingId: undefined }, "a/b").seal("command", value)).toBeUndefined();
});

test("a value has one digest in whatever order its fields stand, and another with another value or order of a list", () => {
  const digest = digestOf(value);
  expect(digestOf({ b: [{ d: "x", c: null }], a: 1 })).toBe(digest);
  expect(digestOf({ ...value, e: undefined })).toBe(digest);
  for (const other of [{ ...value, a: 2 }, { a: 1 }, { ...value, b: [] }, [value], null, { 0: "a" }])
    expect(digestOf(other), JSON.stringify(other)).not.toBe(digest);
  expect(digestOf(["a", "b"])).not.toBe(digestOf(["b", "a"]));
  expect(digestOf(["a"])).not.toBe(digestOf({ 0: "a" }));
  expect(digestOf(null)).not.toBe(digestOf({}));
  const names = ["b", "a", "d", "c", "f", "e"];
  const all = Object.fromEntries(names.map((name, index) => [name, index]));
  const turned = Object.fromEntries(names.toReversed().map((name) => [name, all[name]]));
  expect(digestOf(turned)).toBe(digestOf(all));
});
