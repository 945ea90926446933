import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { BusinessError, JobFailedError, NonRetryableError } from "../src/index.ts";

function trap(): never {
  throw new Error("touched");
}

const everyTrap: ProxyHandler<object> = {
  get: trap,
  has: trap,
  ownKeys: trap,
  getPrototypeOf: trap,
  getOwnPropertyDescriptor: trap,
};

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const cyclic: Record<string, unknown> = { name: "cyclic" };
cyclic.self = cyclic;
const cyclicCause = new Error("of itself");
cyclicCause.cause = new Error("of the first", { cause: cyclicCause });
const toJsonThrows = { toJSON: trap, toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap };

/** Values that no code should throw or return, and some that it may. */
export const oddValues: readonly unknown[] = [
  undefined,
  null,
  7,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  7n,
  Symbol("s"),
  () => 1,
  class Thing {},
  "text",
  "\ud800 half a pair",
  "漢".repeat(200_000),
  {},
  { code: 7, reason: "none" },
  { message: "no error, but with a message" },
  { message: { code: 7 }, name: 12, stack: [] },
  Object.create(null),
  Object.assign(Object.create(null), { message: "without a prototype", name: Symbol("n") }),
  cyclic,
  toJsonThrows,
  new Date(Number.NaN),
  new Date(0),
  new Map([["a", 1]]),
  new Uint8Array(4),
  Array.from({ length: 100_000 }, (_, index) => index),
  Promise.resolve(),
  revoked({}),
  revoked(() => {}),
  revoked(new Error("gone")),
  revoked([]),
  new Proxy({}, everyTrap),
  new Proxy(new Error("guarded"), everyTrap),
  new Proxy(new BusinessError("Guarded", "guarded"), everyTrap),
  Object.assign(new Error("m"), { message: { code: 7 } }),
  Object.assign(new Error("m"), { message: Symbol("m"), name: 7, stack: null, cause: 12n }),
  Object.assign(new Error("m"), { message: toJsonThrows, name: toJsonThrows }),
  Object.assign(new Error("m"), { name: "n".repeat(1_000) }),
  Object.assign(new Error("m".repeat(5_000_000)), { stack: "s".repeat(5_000_000) }),
  Object.assign(new Error("half"), { name: "\udfff", message: `${"x".repeat(3_998)}😀😀` }),
  Object.defineProperty(new Error("getter"), "message", { get: trap }),
  Object.defineProperty(new Error("getter"), "stack", { get: trap }),
  Object.defineProperty(new Error("getter"), "cause", { get: trap }),
  Object.defineProperty(new Error("getter"), "extra", { get: trap, enumerable: true }),
  new Error("outer", { cause: new Error("inner", { cause: "a text" }) }),
  new Error("outer", { cause: revoked({}) }),
  cyclicCause,
  new AggregateError([new Error("one"), 2, revoked({}), new Error("three")], ""),
  Object.assign(new Error("errors"), { errors: new Proxy([], everyTrap) }),
  Object.assign(new Error("errors"), {
    errors: Array.from({ length: 50_000 }, () => new Error("one of many")),
  }),
  new BusinessError("Refused", "refused", cyclic),
  new BusinessError("Refused", "refused", 7n as unknown),
  new BusinessError("Refused", "refused", "漢".repeat(60_000)),
  Object.assign(new BusinessError("Refused", "refused"), { name: {}, message: 12, details: toJsonThrows }),
  new NonRetryableError("Final", "final"),
  new JobFailedError("pay", "j1", { kind: "technical", name: "Broken", message: "broke" }),
  Object.assign(new JobFailedError("pay", "j1", { kind: "technical", name: "x", message: "y" }), {
    failure: null,
  }),
  Object.assign(new Error("wide"), Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, n]))),
  runInNewContext("new Error('of another realm')"),
  runInNewContext("Object.assign(new TypeError('of another realm'), { message: {} })"),
  new DOMException("aborted", "AbortError"),
];

const bases: readonly (() => object)[] = [
  () => new Error("base"),
  () => new BusinessError("Base", "base"),
  () => new NonRetryableError("Base", "base"),
  () => Object.create(null),
  () => ({}),
];

type Make = () => unknown;

/** Errors put together of the odd values; made when asked for, as the generator itself would stumble over them. */
export const oddThrown: fc.Arbitrary<Make> = fc.letrec<{ part: Make; thrown: Make }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    fc.nat(oddValues.length - 1).map((index) => () => oddValues[index]),
    fc.string({ unit: "binary" }).map((text) => () => text),
    fc
      .object({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true })
      .map((made) => () => made),
    tie("thrown"),
  ),
  thrown: fc
    .tuple(
      fc.nat(bases.length - 1),
      fc.array(
        fc.tuple(
          fc.constantFrom("message", "name", "stack", "cause", "code", "details", "toJSON", "own"),
          tie("part"),
        ),
      ),
      fc.array(tie("part")),
    )
    .map(([base, fields, errors]) => () => {
      const thrown = bases[base]?.() ?? {};
      const define = (name: string, value: unknown) =>
        Object.defineProperty(thrown, name, { value, enumerable: true, configurable: true });
      for (const [name, make] of fields) define(name, make());
      if (errors.length > 0)
        define(
          "errors",
          errors.map((make) => make()),
        );
      return thrown;
    }),
})).part;
