import { failure as failureSchema } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptFailure, expectedFailure, failureOf } from "../src/failure.ts";
import { BusinessError } from "../src/index.ts";
import { decodePayload, encodePayload, PayloadError } from "../src/payload.ts";
import { asError } from "../src/thrown/as-error.ts";
import { oddThrown, oddValues } from "./odd-values.ts";

function fits(thrown: unknown): void {
  const made = [failureOf("code", thrown), attemptFailure(thrown), expectedFailure(thrown)];
  for (const failure of made) {
    if (failure === undefined) continue;
    expect(failureSchema.parse(JSON.parse(Buffer.from(JSON.stringify(failure)).toString()))).toEqual(failure);
    if (failure.details !== undefined) JSON.parse(failure.details);
    const { details: _, ...rest } = failure;
    expect(Buffer.byteLength(JSON.stringify(rest))).toBeLessThan(80_000);
  }
  expect(asError(thrown)).toBeInstanceOf(Error);
}

test("whatever is thrown comes to a failure that the wire takes and gives back", () => {
  for (const value of oddValues) fits(value);
});

test("so does whatever is put together of odd parts", () => {
  fc.assert(
    fc.property(oddThrown, (make) => fits(make())),
    { numRuns: 200 },
  );
});

test("whatever is returned is JSON, or is refused in a sentence", () => {
  const encode = (value: unknown) => {
    try {
      const payload = encodePayload(value, "The output");
      expect(JSON.stringify(JSON.parse(payload)).length).toBeLessThanOrEqual(payload.length);
      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(131_072);
    } catch (error) {
      expect(error).toBeInstanceOf(PayloadError);
      expect((error as PayloadError).message).toMatch(/^The output .+\.$/s);
      expect((error as PayloadError).message.length).toBeLessThan(1_000);
    }
  };
  for (const value of oddValues) encode(value);
  fc.assert(
    fc.property(oddThrown, (make) => encode(make())),
    { numRuns: 100 },
  );
});

test("an output over the limit is measured in bytes, as records are", () => {
  expect(() => encodePayload("漢".repeat(131_000), "The output")).toThrow(
    "The output is 393002 bytes of JSON; the limit is 131072.",
  );
  expect(encodePayload("漢".repeat(43_690), "The output")).toHaveLength(43_692);
});

test("what is nested more deeply than readers can go is refused where it is handed over", () => {
  const nested = (levels: number, wrap: (inner: unknown) => unknown) => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level++) value = wrap(value);
    return value;
  };
  for (const wrap of [(inner: unknown) => ({ inner }), (inner: unknown) => [inner]]) {
    expect(decodePayload(encodePayload(nested(1_000, wrap), "The output"))).toEqual(nested(1_000, wrap));
    for (const levels of [1_001, 6_000, 50_000]) {
      expect(() => encodePayload(nested(levels, wrap), "The output")).toThrow(
        /^The output is (nested .+ 1000( levels)?\.|\d+ bytes of JSON)/,
      );
      expect(attemptFailure(new BusinessError("Deep", "no", nested(levels, wrap))).message).toContain(
        "left out",
      );
      fits(Object.assign(new Error("deep"), { data: nested(levels, wrap) }));
    }
  }
});

test("what says nothing by itself says what it came of", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:80"), {
    code: "ECONNREFUSED",
    port: 80,
  });
  const failure = failureOf("technical", new TypeError("fetch failed", { cause: refused }));
  expect(failure).toMatchObject({
    name: "TypeError",
    message: "fetch failed",
    causes: [
      {
        depth: 1,
        name: "Error",
        message: "connect ECONNREFUSED 127.0.0.1:80",
        stack: expect.stringContaining("ECONNREFUSED"),
        details: '{"code":"ECONNREFUSED","port":80}',
      },
    ],
  });
});

test("causes are told in order, each with its own after it, and each once", () => {
  const shared = new Error("shared");
  const all = new AggregateError([new Error("a", { cause: shared }), shared, "b"], "several", {
    cause: new Error("first"),
  });
  const told = failureOf("technical", all).causes?.map(
    ({ depth, name, message }) => `${depth} ${name}: ${message}`,
  );
  expect(told).toEqual(["1 Error: first", "1 Error: a", "2 Error: shared", "1 : b"]);
});

test("a thrown object is shown with its fields instead of [object Object]", () => {
  const { message } = failureOf("technical", { code: 7, reason: "no room" });
  expect(message).toBe('Something that is no Error was thrown: {"code":7,"reason":"no room"}');
  const own = failureOf("technical", Object.assign(new Error("m"), { message: { code: 7 }, status: 503 }));
  expect(own).toMatchObject({ message: '{"code":7}', details: '{"status":503}' });
});

test("what looks like a credential, and what is a whole connection, is left out", () => {
  class Socket {
    readonly secret = "s";
  }
  const error = Object.assign(new Error("unauthorized"), {
    config: { url: "/pay", headers: { Authorization: "Bearer abc" }, apiKey: "abc" },
    request: new Socket(),
  });
  expect(JSON.parse(failureOf("technical", error).details ?? "")).toEqual({
    config: { url: "/pay", headers: { Authorization: "[left out]" }, apiKey: "[left out]" },
    request: "[Socket]",
  });
});

test("the details of a refusal go to the code as they are, or are said to be left out", () => {
  expect(attemptFailure(new BusinessError("Full", "It is full.", { token: 1 })).details).toBe('{"token":1}');
  expect(attemptFailure(new BusinessError("Full", "It is full.", 7n as unknown))).toEqual({
    kind: "business",
    name: "Full",
    message:
      "It is full. (left out: The details can't be written as JSON: it is a BigInt, for which JSON has no form; pass String(it), or have a schema that makes a BigInt of that text, such as z.coerce.bigint().)",
  });
});
