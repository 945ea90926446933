import { LogError, type MessageLog } from "@downbeat/message-log";
import { ManualClock } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { inboxPartitions } from "../src/inbox/inbox-partitions.ts";

/** @param answers of the log, one a time; the last one again and again */
function asking(...answers: (number | Error)[]) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const reasons: string[] = [];
  let asked = 0;
  const log: Pick<MessageLog, "partitionsOf"> = {
    partitionsOf: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? 0;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const partitions = inboxPartitions(log as MessageLog, clock, {
    stop: stop.signal,
    onRetry: ({ message }) => void reasons.push(message),
  });
  partitions.catch(() => {});
  return { clock, stop, reasons, partitions, asked: () => asked };
}

const away = new LogError("unavailable", "away");

test("the number of partitions is told as soon as an engine has made them", async () => {
  const { clock, partitions, reasons } = asking(0, away, 4);
  for (const ms of [0, 100, 200]) await clock.advance(ms);
  expect(await partitions).toBe(4);
  expect(reasons).toEqual(["The log has no inbox yet: no engine has been started on it.", "away"]);
});

test("the log is asked after longer and longer pauses, five seconds at most", async () => {
  const { clock, asked } = asking(away);
  await clock.advance(0);
  const pauses: number[] = [];
  for (let before = asked(), waited = 0; pauses.length < 8; waited += 100) {
    await clock.advance(100);
    if (asked() === before) continue;
    pauses.push(waited + 100);
    before = asked();
    waited = -100;
  }
  expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
});

test.each(["invalid", "closed"] as const)(
  "what trying again can't help is an error at once: %s",
  async (code) => {
    const { partitions, asked } = asking(new LogError(code, "no"));
    await expect(partitions).rejects.toThrow("no");
    expect(asked()).toBe(1);
  },
);

test("who stops meanwhile waits no longer", async () => {
  const { clock, partitions, stop, asked } = asking(away);
  await clock.advance(0);
  stop.abort();
  await expect(partitions).rejects.toThrow("Closed before the log could be reached.");
  await clock.advance(60_000);
  expect(asked()).toBe(1);
});
