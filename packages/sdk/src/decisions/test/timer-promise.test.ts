import { expect, test } from "vitest";
import { followCombinators } from "../follow-combinators.ts";
import { TimerPromise } from "../timer-promise.ts";

followCombinators();

const never = new Promise(() => {});
const uses: Record<string, (promise: Promise<unknown>) => Promise<unknown>> = {
  awaited: async (promise) => await promise,
  "given on": async (promise) => promise,
  "subscribed to": (promise) => promise.then(() => {}),
  raced: (promise) => Promise.race([never, promise]),
  "combined with all": (promise) => Promise.all([promise, 1]),
  "raced in a race": (promise) => Promise.race([never, Promise.any([promise])]),
  resolved: (promise) => Promise.resolve(promise),
};

test.each(Object.entries(uses))(
  "the promise of a sleep that is %s goes on as soon as any other would",
  async (_, use) => {
    const order: string[] = [];
    const native = Promise.withResolvers<unknown>();
    const timer = TimerPromise.open();
    timer.promise.unheard();
    void use(native.promise).then(() => order.push("native"));
    void use(timer.promise).then(() => order.push("timer"));
    const ticks = async (): Promise<void> => {
      for (let tick = 0; tick < 12; tick++) {
        await null;
        order.push("");
      }
    };
    native.resolve(undefined);
    timer.resolve(undefined);
    await ticks();
    const at = order.indexOf("native");
    expect(order.slice(at, at + 2)).toEqual(["native", "timer"]);
  },
);

test("a rejection that nobody takes is seen as ever, of what a sleep is combined with too", async () => {
  const unhandled: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  try {
    const timer = TimerPromise.open();
    void Promise.race([timer.promise, Promise.reject("nobody's")]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(timer.promise.isWanted).toBe(false);
  } finally {
    process.off("unhandledRejection", listen);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  expect(unhandled).toEqual(["nobody's"]);
});
