import { describe, expect, test } from "vitest";
import { boundedText } from "../src/thrown/bounded-text.ts";
import { field, isInstance, isList, lengthOf, stringField } from "../src/thrown/careful.ts";
import { readThrown, thrownText } from "../src/thrown/read-thrown.ts";
import { shownFields, shownText, shownValue } from "../src/thrown/shown-value.ts";

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const throwing = {
  get bad(): never {
    throw new Error("no");
  },
};

test("a text is cut where it is longer than may be, and holds no half of a pair", () => {
  expect(boundedText("abc", 3)).toBe("abc");
  expect(boundedText("abcd", 3)).toBe("ab…");
  expect(boundedText("a\u{1f3d4}", 2)).toBe("a…");
  expect(boundedText("ab\u{1f3d4}", 3)).toBe("ab…");
  expect(boundedText("\ud83c", 3)).toBe("\ufffd");
});

describe("A value that nobody vouches for", () => {
  test("is read as far as it lets itself be read", () => {
    for (const value of [null, undefined, 7, "text", throwing, revoked({})])
      expect(field(value, "bad")).toBeUndefined();
    expect(field({ a: 1 }, "a")).toBe(1);
    expect(
      field(
        Object.assign(() => {}, { a: 2 }),
        "a",
      ),
    ).toBe(2);
    expect([stringField({ a: "x" }, "a"), stringField({ a: 1 }, "a")]).toEqual(["x", undefined]);
  });

  test("is of a class or a list only if it can be told", () => {
    expect([isInstance(new TypeError(), Error), isInstance({}, Error)]).toEqual([true, false]);
    expect(isInstance(revoked(new Error()), Error)).toBe(false);
    expect([isList([]), isList({ length: 0 }), isList(revoked([]))]).toEqual([true, false, false]);
  });

  test("has as many items as it says, if that is a number of items", () => {
    expect([lengthOf([1, 2]), lengthOf([])]).toEqual([2, 0]);
    for (const length of ["2", -1, Number.NaN]) expect(lengthOf({ length } as never)).toBe(0);
  });
});

describe("A value is shown", () => {
  class Connection {
    password = "x";
  }
  const circle: unknown[] = [];
  circle.push(circle);
  const shared = { a: 1 };

  const examples: readonly (readonly [value: unknown, shown: unknown])[] = [
    ["text", "text"],
    [1.5, 1.5],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [true, true],
    [null, null],
    [undefined, "undefined"],
    [12n, "12n"],
    [Symbol("s"), "Symbol(s)"],
    [function named() {}, "[function named]"],
    [Object.defineProperty(() => {}, "name", { value: 7 }), "[function]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [new Connection(), "[Connection]"],
    [new Map(), "[Map]"],
    [Object.create({ constructor: null }), {}],
    [revoked({}), "[unreadable]"],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [circle, ["[circular]"]],
    [
      [shared, shared],
      [{ a: 1 }, { a: 1 }],
    ],
    [{ a: { b: { c: { d: 1 }, e: [1] } } }, { a: { b: { c: "{…}", e: "[…]" } } }],
    [{ f() {}, u: undefined, n: null }, { n: null }],
    [
      { apiKey: 1, Authorization: "x", "set-cookie": "y", user: "mia" },
      { apiKey: "[left out]", Authorization: "[left out]", "set-cookie": "[left out]", user: "mia" },
    ],
    ["x".repeat(501), `${"x".repeat(499)}…`],
  ];

  test("for people to read, whatever it is", () => {
    for (const [value, shown] of examples) expect(shownValue(value)).toEqual(shown);
  });

  test("with as much of it as people can read", () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
    expect(shownValue(numbers(20))).toEqual(numbers(20));
    expect(shownValue(numbers(22))).toEqual([...numbers(20), "… and 2 more"]);
    const fields = (count: number) => Object.fromEntries(numbers(count).map((index) => [`f${index}`, index]));
    expect(shownValue(fields(30))).toEqual(fields(30));
    expect(shownValue(fields(32))).toEqual({ ...fields(30), "…": "and 2 more fields" });
    expect(shownValue(["a", "b", "c", "d"], 3)).toEqual(["a", "b", "… and 2 more"]);
    expect(shownValue([["a"], "b"], 2)).toEqual([["… and 1 more"], "… and 1 more"]);
    expect(shownValue({ a: 1, b: 2, c: 3 }, 3)).toEqual({ a: 1, b: 2 });
    expect(shownValue("a", 0)).toBe("…");
    expect(shownValue({ ["n".repeat(101)]: 1 })).toEqual({ [`${"n".repeat(99)}…`]: 1 });
  });

  test("in a sentence with its quotes, as long as fits there", () => {
    expect(shownText("a", 10)).toBe('"a"');
    expect(shownText({ a: [1] }, 6)).toBe('{"a":…');
  });

  test("by its own fields alone, without those that are told elsewhere", () => {
    expect(shownFields(Object.assign(new Error("m"), { code: "E", name: "N" }), ["name"])).toEqual({
      code: "E",
    });
    expect(shownFields(new Error("m"), [])).toBeUndefined();
    const own: Record<string, unknown> = { a: 1 };
    own.self = own;
    expect(shownFields(own, [])).toEqual({ a: 1, self: "[circular]" });
    expect(shownFields(revoked({}), [])).toBeUndefined();
  });
});

describe("What was thrown is read", () => {
  test("with its name, message, stack and own fields", () => {
    const error = Object.assign(new TypeError("no"), { code: "E1", status: 500 });
    error.stack = "TypeError: no\n    at here";
    expect(readThrown(error)).toEqual({
      name: "TypeError",
      message: "no",
      stack: "TypeError: no\n    at here",
      details: '{"code":"E1","status":500}',
    });
  });

  test("whatever it is", () => {
    expect(readThrown("text")).toEqual({
      name: "Error",
      message: "Something that is no Error was thrown: text",
    });
    expect(readThrown({ a: 1 }).message).toBe('Something that is no Error was thrown: {"a":1}');
    expect(readThrown(null).message).toBe("Something that is no Error was thrown: null");
    // An error of another realm.
    expect(readThrown({ message: "m", name: "Far" })).toEqual({ name: "Far", message: "m" });
    expect(readThrown({ message: "m" })).toEqual({ name: "Object", message: "m" });
    expect(readThrown(Object.assign(Object.create(null), { message: "m" })).name).toBe("Error");
    expect(readThrown(Object.assign(new Error(""), { code: "ECONN" })).message).toBe("ECONN");
    expect(readThrown(Object.assign(new Error("m"), { message: { code: 7 } })).message).toBe('{"code":7}');
    expect(readThrown(Object.assign(new Error("m"), { name: undefined })).name).toBe("Error");
  });

  test("cut where it is longer than the wire takes", () => {
    const error = Object.assign(new Error("m".repeat(4_001)), { name: "n".repeat(101) });
    error.stack = "s".repeat(8_001);
    expect(readThrown(error)).toMatchObject({
      name: `${"n".repeat(99)}…`,
      message: `${"m".repeat(3_999)}…`,
      stack: `${"s".repeat(7_999)}…`,
    });
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, "x".repeat(500)]));
    const details = readThrown(Object.assign(new Error("m"), wide)).details ?? "";
    expect(details.length).toBeGreaterThan(5_000);
    expect(details.length).toBeLessThanOrEqual(8_000);
    expect(Object.keys(JSON.parse(details))[0]).toBe("f0");
  });

  test("with its causes, each with its own after it, each once, and those of several", () => {
    const root = new Error("root");
    const middle = new Error("middle", { cause: root });
    const several = new AggregateError([new Error("first", { cause: middle }), "second", root], "several");
    const top = new Error("top", { cause: several });
    expect(readThrown(top).causes?.map(({ depth, name, message }) => `${depth} ${name} ${message}`)).toEqual([
      "1 AggregateError several",
      "2 Error first",
      "3 Error middle",
      "4 Error root",
      "2  second",
    ]);
    expect(readThrown(new Error("alone"))).not.toHaveProperty("causes");
    expect(readThrown("text, which has none")).not.toHaveProperty("causes");
    expect(readThrown(new Error("m", { cause: null }))).not.toHaveProperty("causes");
    const itself: Error & { cause?: unknown } = new Error("itself");
    itself.cause = itself;
    expect(readThrown(itself)).not.toHaveProperty("causes");
  });

  test("with ten causes and five deep at most, and sixteen kilobytes of them", () => {
    const errors = Array.from({ length: 12 }, (_, index) => new Error(`e${index}`));
    expect(readThrown(new AggregateError(errors)).causes).toHaveLength(10);
    let chain = new Error("last");
    for (let depth = 0; depth < 8; depth++) chain = new Error(`${depth}`, { cause: chain });
    expect(readThrown(chain).causes?.map(({ depth }) => depth)).toEqual([1, 2, 3, 4, 5]);
    const long = Array.from({ length: 10 }, () =>
      Object.assign(new Error("m".repeat(2_000)), { more: "x".repeat(400) }),
    );
    for (const one of long) one.stack = "s".repeat(2_000);
    const causes = readThrown(new AggregateError(long)).causes ?? [];
    expect(causes.length).toBeLessThan(8);
    expect(causes[0]).toMatchObject({
      message: `${"m".repeat(999)}…`,
      stack: `${"s".repeat(1_499)}…`,
      details: expect.stringMatching(/^\{"more":"x+"\}$/),
    });
    const bare = readThrown(new Error("m", { cause: "c".repeat(1_001) })).causes;
    expect(bare).toEqual([{ depth: 1, name: "", message: `${"c".repeat(999)}…` }]);
  });

  test("in a few words, to stand at the end of a sentence", () => {
    expect(thrownText(new Error("no"))).toBe("no");
    expect(thrownText("text")).toBe("text");
    expect(thrownText({ a: 1 })).toBe('{"a":1}');
    expect(thrownText(new Error("m".repeat(600)))).toBe(`${"m".repeat(499)}…`);
    expect(thrownText("t".repeat(20), 5)).toBe("tttt…");
  });
});
