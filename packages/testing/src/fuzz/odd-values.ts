import { BusinessError, NonRetryableError, RunCancelledError } from "@downbeat/sdk";

const say = (): never => {
  throw new Error("a getter");
};
const cyclic = (): object => {
  const value: Record<string, unknown> = { a: 1 };
  value.self = value;
  return value;
};
const deep = (depth: number): unknown => {
  let value: unknown = "bottom";
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};
const rejected = (reason: unknown): Promise<never> => Promise.reject(reason);
const errorWith = (fields: object): Error => Object.assign(new Error("m"), fields);
const chain = (length: number): Error => {
  let error = new Error("first");
  for (let link = 1; link < length; link++) error = new Error(`link ${link}`, { cause: error });
  return error;
};
const cyclicCause = (): Error => {
  const error = new Error("its own cause");
  error.cause = error;
  return error;
};
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
// biome-ignore lint/suspicious/noThenProperty: the oddity itself
const thenable = (then: PropertyDescriptor): object => Object.defineProperty({}, "then", then);
const hostile = (): object =>
  new Proxy(() => {}, {
    get: say,
    has: say,
    ownKeys: say,
    getPrototypeOf: say,
    getOwnPropertyDescriptor: say,
    apply: say,
  });

/**
 * Values that people's code may hold by mistake, each made again where it is used. Where a number, a name or a text is wanted, some of them fit.
 */
const oddValues = {
  ordinary: () => ({ order: 17, note: "x" }),
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  minusZero: () => -0,
  one: () => 1,
  five: () => 5,
  twenty: () => 20,
  half: () => 0.5,
  seventh: () => 600_000 / 7,
  minusOne: () => -1,
  NaN: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  epsilon: () => Number.MIN_VALUE,
  maxSafe: () => Number.MAX_SAFE_INTEGER,
  beyondSafe: () => Number.MAX_SAFE_INTEGER + 2,
  maxValue: () => Number.MAX_VALUE,
  century: () => 3_155_760_000_000,
  int32: () => 2 ** 31,
  bigint: () => 10n,
  symbol: () => Symbol("s"),
  function: () => say,
  class: () => class Odd {},
  empty: () => "",
  space: () => " ",
  name: () => "approval",
  text: () => "a text",
  millisecondText: () => "3 ms",
  badDuration: () => "3 fortnights",
  cjk: () => "漢字かな交じり文".repeat(20),
  emoji: () => "👩‍👩‍👧‍👦🏳️‍🌈",
  surrogate: () => "\ud800 alone",
  controls: () => "\u0000\u0007\u001b[31m\u2028\u202e",
  quotes: () => '"},"decisions":[{"kind":"claim"',
  html: () => "<script>alert(1)</script>",
  proto: () => "__proto__",
  constructorName: () => "constructor",
  toStringName: () => "toString",
  path: () => "../../etc/passwd",
  long200: () => "n".repeat(200),
  long1000: () => "n".repeat(1_000),
  long60k: () => "é".repeat(60_000),
  long131k: () => "x".repeat(131_070),
  long132k: () => "x".repeat(131_071),
  long2m: () => "x".repeat(2_000_000),
  date: () => new Date(0),
  invalidDate: () => new Date(Number.NaN),
  farDate: () => new Date(8.64e15),
  now: () => Date.now(),
  regexp: () => /x/g,
  map: () => new Map([[1, 2]]),
  set: () => new Set([1]),
  buffer: () => Buffer.from("bytes"),
  typedArray: () => new Float64Array(1_000),
  array: () => [1, "2", null],
  sparse: () => Object.assign([1], { length: 5_000 }),
  many: () => Array.from({ length: 10_000 }, (_, index) => index),
  manyKeys: () => Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, "v"])),
  nullPrototype: () => Object.create(null),
  frozen: () => Object.freeze({ a: Object.freeze([1]) }),
  protoKey: () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  emptyKey: () => ({ "": "", " ": 1 }),
  labels: () => ({ order: "A-17", customer: "漢字" }),
  oddLabels: () => ({ order: 17 }),
  cyclic,
  deep1000: () => deep(1_000),
  deep20000: () => deep(20_000),
  getter: () => ({
    fine: 1,
    get bad() {
      return say();
    },
  }),
  toJsonThrows: () => ({ toJSON: say }),
  toJsonUndefined: () => ({ toJSON: () => undefined }),
  toJsonSelf: () => ({ toJSON: cyclic }),
  toStringThrows: () => ({ toString: say, valueOf: say, [Symbol.toPrimitive]: say }),
  hostile,
  revoked,
  rejected: () => rejected(new Error("rejected")),
  rejectedInside: () => ({ later: rejected(new Error("rejected inside")) }),
  rejectedOdd: () => rejected(hostile()),
  resolved: () => Promise.resolve(1),
  never: () => new Promise(() => {}),
  thenNever: () => thenable({ value: () => {} }),
  thenThrows: () => thenable({ value: say }),
  thenGetter: () => thenable({ get: say }),
  thenTwice: () =>
    thenable({
      value(resolve: (value: number) => void, reject: (reason: unknown) => void) {
        resolve(1);
        reject(new Error("second"));
        resolve(2);
      },
    }),
  error: () => new Error("plain"),
  typeError: () => new TypeError("x is not a function"),
  longError: () => new Error("y".repeat(300_000)),
  emptyError: () => new Error(),
  errorOfMessageObject: () => errorWith({ message: { code: 7 } }),
  errorOfNumberName: () => errorWith({ name: 7 }),
  errorOfSymbolName: () => errorWith({ name: Symbol("n") }),
  errorOfOddStack: () => errorWith({ stack: 12n }),
  errorOfGetters: () =>
    Object.defineProperties(new Error("g"), {
      message: { get: say },
      name: { get: say },
      stack: { get: say },
    }),
  errorOfNullPrototype: () => Object.setPrototypeOf(new Error("no prototype"), null),
  errorOfFields: () => errorWith({ code: "ECONNRESET", details: { a: [1, 2, cyclic()] }, big: 10n }),
  frozenError: () => Object.freeze(new Error("frozen")),
  causes: () => chain(4),
  manyCauses: () => chain(5_000),
  cyclicCause,
  aggregate: () => new AggregateError([new Error("a"), 7, null, cyclicCause()], "several"),
  bigAggregate: () =>
    new AggregateError(
      Array.from({ length: 20_000 }, (_, index) => new Error(`${index}`)),
      "many",
    ),
  domException: () => new DOMException("aborted", "AbortError"),
  business: () => new BusinessError("Declined", "The card was declined."),
  oddBusiness: () =>
    Object.setPrototypeOf({ name: {}, message: 7, details: cyclic() }, BusinessError.prototype),
  nonRetryable: () => new NonRetryableError("Hopeless", "never again"),
  cancelled: () => new RunCancelledError("by itself"),
  jobId: () => "j1",
  fail: () => "fail",
} as const satisfies Record<string, () => unknown>;

export type OddName = keyof typeof oddValues;

export const oddNames = Object.keys(oddValues) as readonly OddName[];

export function odd(name: OddName): unknown {
  return oddValues[name]();
}
