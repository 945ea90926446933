import { describe, expect, test } from "vitest";

const names = ["all", "allSettled", "any", "race", "resolve"] as const;
type Name = (typeof names)[number];
type Combinator = (this: unknown, ...items: unknown[]) => Promise<unknown>;

const native = Object.fromEntries(
  names.map((name) => [name, Object.getOwnPropertyDescriptor(Promise, name)]),
) as Record<Name, PropertyDescriptor & { value: Combinator }>;
// Not before the ones of Node are noted.
const { inProcessDecisions } = await import("../index.ts");

class Own extends Promise<unknown> {}

/** What one of them does with something, to the order in which it reads it. */
async function trace(combinator: Combinator, on: unknown, make: (log: string[]) => unknown) {
  const log: string[] = [];
  try {
    const given = make(log);
    const result = combinator.call(on, given);
    log.push(`is ${result.constructor.name}`);
    const settled = result.then(
      (value) => `gives ${JSON.stringify(value)}`,
      (error: Error) => `throws ${error.name}: ${error.message}`,
    );
    for (let turn = 0; turn < 12; turn++) {
      log.push(`turn ${turn}`);
      await undefined;
    }
    const late = new Promise<string>((resolve) => setImmediate(resolve, "stays pending"));
    log.push(
      await new Promise<string>((resolve) => {
        settled.then(resolve);
        late.then(resolve);
      }),
    );
  } catch (error) {
    log.push(`throws at once ${(error as Error).name}: ${(error as Error).message}`);
  }
  return log;
}

/** Heard by somebody else too: nobody else may take it up where a combinator isn't interested. */
function refused(why: string, on: typeof Own | PromiseConstructor = Promise): Promise<unknown> {
  const promise = on.reject(new Error(why));
  promise.catch(() => {});
  return promise;
}

const thenable = (log: string[], name: string, settle: "resolve" | "reject" | "throw") => ({
  // biome-ignore lint/suspicious/noThenProperty: the oddity itself
  get then() {
    log.push(`${name} is looked at`);
    return (resolve: (value: unknown) => void, reject: (error: Error) => void) => {
      log.push(`${name} is subscribed to`);
      if (settle === "throw") throw new Error(name);
      if (settle === "resolve") resolve(name);
      else reject(new Error(name));
    };
  },
});
const oddThen = (log: string[]) =>
  Object.assign(Promise.resolve(), {
    // biome-ignore lint/suspicious/noThenProperty: the oddity itself
    then: () => {
      log.push("an odd then");
      throw new Error("odd");
    },
  });

const given: Readonly<Record<string, (log: string[]) => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  "a number": () => 5,
  "an object": () => ({}),
  "a text": () => "ab",
  "an empty list": () => [],
  "plain values": () => [1, 2],
  "promises of both kinds": () => [refused("no"), Promise.resolve(1)],
  "nothing but rejections": () => [refused("a"), refused("b")],
  "a promise that stays": () => [new Promise(() => {})],
  thenables: (log) => [
    thenable(log, "a", "reject"),
    thenable(log, "b", "resolve"),
    thenable(log, "c", "throw"),
  ],
  "an own class": () => [Own.resolve(1), refused("own", Own)],
  "a generator": function* (log) {
    try {
      log.push("first");
      yield 1;
      log.push("second");
      yield Promise.resolve(2);
      log.push("end");
    } finally {
      log.push("closed");
    }
  },
  "an endless generator with an odd item": function* (log) {
    try {
      for (let index = 0; index < 50; index++) yield index === 1 ? oddThen(log) : index;
      log.push("was not stopped");
    } finally {
      log.push("closed");
    }
  },
  "a generator that throws": function* () {
    yield 1;
    throw new Error("broken");
  },
  "an iterator without iterator": () => ({ [Symbol.iterator]: () => 5 }),
};

describe.each(names)("Promise.%s", (name) => {
  const now = Object.getOwnPropertyDescriptor(Promise, name) as PropertyDescriptor & { value: Combinator };

  test("looks as it did, and is replaced", () => {
    expect(inProcessDecisions).toBeTypeOf("function");
    expect(now.value).not.toBe(native[name].value);
    expect({ ...now, value: undefined }).toEqual({ ...native[name], value: undefined });
    expect([now.value.name, now.value.length]).toEqual([native[name].value.name, native[name].value.length]);
    expect(() => Reflect.construct(now.value, [])).toThrow(TypeError);
  });

  test.each(Object.entries(given))("does with %s what it did", async (_, make) => {
    for (const on of [Promise, Own]) {
      const before = await trace(native[name].value, on, make);
      expect(await trace(now.value, on, make)).toEqual(before);
    }
  });

  test.each([
    ["no constructor", {}],
    ["nothing", undefined],
    ["an arrow function", () => {}],
  ])("on %s throws what it threw", async (_, on) => {
    expect(await trace(now.value, on, () => [1])).toEqual(await trace(native[name].value, on, () => [1]));
  });
});
