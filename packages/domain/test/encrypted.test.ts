import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Encrypted, encryptedOf, encryptedPayload, isEncrypted } from "../src/index.ts";
import { inputHash } from "../src/run/input-hash.ts";

const envelope: Encrypted = { v: 1, alg: "A256GCM", key: "acme-2", nonce: "bm9uY2U", data: "ZGF0YQ" };

describe("An encrypted payload", () => {
  test("comes out as it went in", () => {
    const whole: Encrypted = { ...envelope, same: "c2FtZQ", of: "error" };
    expect(encryptedOf(encryptedPayload(whole))).toEqual(whole);
    expect(encryptedOf(encryptedPayload(envelope))).toEqual(envelope);
  });

  test("is told from what people write", () => {
    fc.assert(fc.property(fc.json(), (text) => !isEncrypted(text)));
  });

  test.each([
    '{"$encrypted":{}}',
    '{"$encrypted":{},"$encrypted":null}',
    '{"$encrypted":{"v":2,"alg":"A256GCM","key":"k","nonce":"","data":""}}',
    '{"$encrypted":{"v":1,"alg":"A256GCM","key":"k","nonce":"","data":"","more":1}}',
    '{"$encrypted":{"v":1,"alg":"A256GCM","key":"<k>","nonce":"","data":""}}',
    '{"$encrypted":{"v":1,"alg":"A256GCM","key":"k","nonce":"","data":"","of":"input"}}',
    '{"$encrypted":{"v":1,"alg":"A256GCM","key":"k","nonce":"","data":""},"more":1}',
    '{"$encrypted":{"v":1',
    ' {"$encrypted":{"v":1,"alg":"A256GCM","key":"k","nonce":"","data":""}}',
  ])("is nothing that only looks like one: %s", (text) => expect(encryptedOf(text)).toBeUndefined());

  test("can't be made of what nobody would take for one", () => {
    expect(() => encryptedPayload({ ...envelope, key: "my key" })).toThrow(RangeError);
    expect(() => encryptedPayload({ ...envelope, data: "a+b" })).toThrow(RangeError);
  });

  test("is the same input as another one that says so, whatever else differs", () => {
    const first = encryptedPayload({ ...envelope, same: "c2FtZQ" });
    const again = encryptedPayload({ ...envelope, nonce: "YW5vdGhlcg", data: "b3RoZXI", same: "c2FtZQ" });
    expect(inputHash(again)).toBe(inputHash(first));
    expect(inputHash(encryptedPayload({ ...envelope, same: "b3RoZXI" }))).not.toBe(inputHash(first));
  });
});
