import { fail } from "node:assert/strict";
import { EventEmitter } from "node:events";
import { writeFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { MessagePort, parentPort } from "node:worker_threads";
import { z } from "zod";
import { BusinessError } from "../../errors.ts";
import { job } from "../../job.ts";
import { workflow } from "../../workflow.ts";

/** Imported by decision threads as it is: what is here must run on Node without being built. */

const step = job<number, number>("step");
const pay = job<{ cents: number }, { receipt: string }>("pay");
const refund = job<{ receipt: string }>("refund");

export const steps = workflow("steps", { input: z.number() }, async (run, count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await run.job(step, i);
  return sum;
});

export const booking = workflow("booking", async (run, cents: number) => {
  const receipt = await run.job(pay, { cents });
  run.compensate(refund, receipt);
  const approval = await run.signal("approval", { schema: z.object({ yes: z.boolean() }) });
  if (!approval.yes) throw new BusinessError("Denied", "Nobody wanted it.");
  await run.sleep("1 day");
  return receipt;
});

const after = (name: string, misbehave: () => unknown) =>
  workflow(name, async (run) => {
    await run.job(step, 1);
    await misbehave();
    await run.job(step, 2);
  });

export const spins = after("spins", () => {
  for (;;);
});

export const spinsInPush = after("spinsInPush", () => {
  const list: object[] = [];
  for (;;) {
    list.push({});
    if (list.length > 1_000) list.length = 0;
  }
});

export const awaitsForEver = after("awaitsForEver", async () => {
  for (;;) await undefined;
});

export const blocks = after("blocks", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));

export const fillsHeap = after("fillsHeap", () => {
  const all: unknown[] = [];
  for (;;) all.push(new Array(100).fill(0).map(() => ({})));
});

export const fillsMap = after("fillsMap", () => {
  const all = new Map<number, string>();
  for (let i = 0; ; i++) all.set(i, `value ${i}`);
});

export const fillsBuffers = after("fillsBuffers", () => {
  const all: Buffer[] = [];
  for (;;) all.push(Buffer.alloc(1_000_000, 1));
});

export const exits = after("exits", () => process.exit(3));

export const takesPromise = after("takesPromise", () => {
  Object.assign(globalThis, { Date: null, Promise: null });
});

export const takesMap = after(
  "takesMap",
  () => Reflect.deleteProperty(globalThis, "Map") || fail("It is locked."),
);

export const replacesParse = after("replacesParse", () => {
  JSON.parse = () => fail("It is replaced.");
});

export const replacesThen = after("replacesThen", () => {
  Reflect.set(Promise.prototype, "then", fail);
  Object.assign(Map.prototype, { get: fail });
});

export const definesThen = after("definesThen", () => {
  const [name] = Object.getOwnPropertyNames(Promise.prototype).filter((one) => one.startsWith("th"));
  Object.defineProperty(Promise.prototype, name ?? fail(), { value: fail });
});

export const addsToAll = after("addsToAll", () => {
  Object.assign(Object.prototype, { toJSON: () => "mine" });
});

export const replacesRunsMethod = workflow("replacesRunsMethod", async (run) => {
  await run.job(step, 1);
  Object.assign(Object.getPrototypeOf(run), { setLabels: fail });
  await run.job(step, 2);
});

export const replacesOthersCode = after("replacesOthersCode", () => {
  Object.assign(steps, { execute: fail });
});

export const replacesLog = after("replacesLog", () => {
  console.log = fail;
});

export const replacesExec = after("replacesExec", () => {
  RegExp.prototype.exec = () => null;
});

export const replacesEmit = after("replacesEmit", () => {
  EventEmitter.prototype.emit = () => fail("It is replaced.");
});

/** Returns the names of what the language brings and can still be changed. */
export const looksForOpen = workflow("looksForOpen", async () => {
  const names: string[] = runInNewContext("Object.getOwnPropertyNames(globalThis)");
  const open = names.flatMap((name) => {
    const thing: unknown = Reflect.get(globalThis, name);
    if (typeof thing !== "function") return Object.isFrozen(thing) ? [] : [name];
    const { prototype } = thing;
    return [
      ...(Object.isFrozen(thing) ? [] : [name]),
      ...(Object.isFrozen(prototype) ? [] : [`${name}.prototype`]),
    ];
  });
  for (const name of names) Reflect.set(globalThis, name, undefined);
  return [...open, ...names.filter((name) => Reflect.get(globalThis, name) === undefined)];
});

/** Sets what objects inherit, each for itself, and how stacks are written. */
export const setsItsOwn = workflow("setsItsOwn", async (run) => {
  class Mine extends Error {
    constructor(message: string) {
      super(message);
      this.name = "Mine";
    }
  }
  const error = new Mine("m");
  error.message = "another";
  Error.stackTraceLimit = 0;
  Error.prepareStackTrace = () => fail("It is replaced.");
  const object = {};
  Reflect.set(object, "constructor", "c");
  object.toString = () => "an object";
  // As TypeScript's helpers do for older targets.
  const generator = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([].values())));
  generator[Symbol.iterator] = () => generator;
  const date = new Date(0);
  date.toISOString = () => "mine";
  await run.job(step, 1);
  return [`${error}`, `${object}`, Object.keys(object)];
});

export const closesPort = after("closesPort", () => parentPort?.close());

export const saysNothing = after("saysNothing", () => parentPort?.postMessage(null));

export const saysNothingItself = after("saysNothingItself", () => {
  if (parentPort !== null) MessagePort.prototype.postMessage.call(parentPort, null);
});

export const replacesPerformance = after("replacesPerformance", () => {
  Object.assign(globalThis, { performance: { now: () => -1 } });
});

export const replacesCrypto = after("replacesCrypto", () => {
  Object.defineProperty(globalThis, "crypto", { value: { randomUUID: () => "mine" } });
});

export const replacesEncode = after("replacesEncode", () => {
  TextEncoder.prototype.encode = () => fail("It is replaced.");
});

/** Calls back from outside of all promises, as a library does; makes the file first. */
function later(file: string, callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port2.once("message", () => {
    writeFileSync(file, "");
    callback();
  });
  port1.postMessage("now");
  port2.unref();
}

export const throwsLate = workflow("throwsLate", async (run, file: string) => {
  later(file, () => {
    throw new Error("too late");
  });
  await run.job(step, 1);
});

export const spinsLate = workflow("spinsLate", async (run, file: string) => {
  later(file, () => {
    for (;;);
  });
  await run.job(step, 1);
});

/** A step that is long, and ends. */
export const thinks = after("thinks", () => {
  let sum = 0;
  for (let i = 0; i < 100_000_000; i++) sum += i;
  return sum;
});

export const throwsOnce = workflow("throwsOnce", async (run) => {
  if ((await run.job(step, 1)) === 1) throw new TypeError("a bug");
});

export const leavesBehind = workflow("leavesBehind", async (run) => {
  void Promise.reject(new Error("left behind"));
  await run.job(step, 1);
});

/** Writes before, between and after its jobs; the same in every step. */
export const speaks = workflow("speaks", async (run, count: number) => {
  run.log.info({ count, nested: { list: [1, "two"] } }, "begins");
  for (let i = 1; i <= count; i++) {
    const got = await run.job(step, i);
    run.log.debug(`got ${got}`);
    run.log.warn({ err: new TypeError("odd"), i }, "is odd");
  }
  run.log.error("ends");
});

export const speaksAndThrows = workflow("speaksAndThrows", async (run) => {
  run.log.info("begins");
  await run.job(step, 1);
  run.log.info("about to throw");
  throw new TypeError("a bug");
});

export const floods = workflow("floods", async (run, count: number) => {
  for (let i = 0; i < count; i++) run.log.info({ i, text: "x".repeat(400) }, `line ${i}`);
  await run.job(step, 1);
  run.log.info("the next step");
});

export const floodsForEver = workflow("floodsForEver", async (run) => {
  await run.job(step, 1);
  for (let i = 0; ; i++) run.log.info(`line ${i}`);
});

export const overlooks = workflow("overlooks", async (run) => {
  void run.job(step, 1);
  const later = run.job(step, 2);
  void run.job(step, 3).catch(() => {});
  await run.job(step, 4);
  await later.catch(() => {});
});
