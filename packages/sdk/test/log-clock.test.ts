import type { MessageLog, ReceivedMessage } from "@downbeat/message-log";
import { systemClock } from "@downbeat/message-log";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LogClock } from "../src/worker/log-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const logTime = 5_000_000;

/** A log of which only readers are opened. */
function logOf(
  open: (tell: (publishTime: number) => void) => Promise<{ close(): Promise<void> }>,
): MessageLog {
  return {
    openReader: async (_: string, options: { onMessage: (message: ReceivedMessage) => void }) =>
      open((publishTime) => options.onMessage({ publishTime } as ReceivedMessage)),
  } as never;
}

const never = logOf(() => new Promise(() => {}));

test("the log's time is what the freshest message said, and goes on from there", () => {
  const clock = new LogClock(never, systemClock);
  expect(clock.now()).toBeUndefined();
  clock.observe(logTime);
  vi.advanceTimersByTime(1_000);
  expect(clock.now()).toBe(logTime + 1_000);
  // One that waited for a while says nothing new.
  clock.observe(logTime - 60_000);
  expect(clock.now()).toBe(logTime + 1_000);
  clock.observe(logTime + 1_500);
  expect(clock.now()).toBe(logTime + 1_500);
});

test("a log's clock that was ahead and was set right is forgotten after two minutes", () => {
  const clock = new LogClock(never, systemClock);
  clock.observe(logTime + 7_200_000);
  for (let second = 0; second < 150; second += 10) {
    vi.advanceTimersByTime(10_000);
    clock.observe(logTime + (second + 10) * 1_000);
  }
  expect(clock.now()).toBe(logTime + 150_000);
});

test("what is sent is read back, so that the time is known when nothing fresh came, once a minute", async () => {
  let opened = 0;
  let closed = 0;
  let tell: (publishTime: number) => void = () => {};
  const clock = new LogClock(
    logOf(async (given) => {
      opened++;
      tell = given;
      return { close: async () => void closed++ };
    }),
    systemClock,
  );
  clock.observe(logTime - 600_000);
  const send = async () => {
    tell(logTime);
    return "sent";
  };
  const both = await Promise.all([clock.learnFrom("inbox", send), clock.learnFrom("inbox", send)]);
  expect(both).toEqual(["sent", "sent"]);
  expect(clock.now()).toBe(logTime);
  expect({ opened, closed }).toEqual({ opened: 1, closed: 1 });
  await vi.advanceTimersByTimeAsync(59_000);
  await clock.learnFrom("inbox", send);
  expect(opened).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  await clock.learnFrom("inbox", send);
  expect(opened).toBe(2);
});

test("whoever sends does without where the log doesn't tell: after two seconds, or at once where it refuses", async () => {
  const refusing = new LogClock(
    logOf(() => Promise.reject(new Error("not allowed"))),
    systemClock,
  );
  expect(await refusing.learnFrom("inbox", async () => 1)).toBe(1);
  const silent = new LogClock(never, systemClock);
  const sent = silent.learnFrom("inbox", async () => 2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await sent).toBe(2);
  const failing = silent.learnFrom("inbox", () => Promise.reject(new Error("closed")));
  await expect(failing).rejects.toThrow("closed");
});
