import type { MessageLog, Position } from "@downbeat/message-log";
import { ManualClock } from "@downbeat/message-log/testing";
import { subscriptions, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import type { HistoryFollower } from "../src/client/history-follower.ts";
import { readPastInbox } from "../src/client/read-past-inbox.ts";

/** A log and a follower that say what the test has them say; the log is asked once a second. */
function opened() {
  const clock = new ManualClock();
  const says = {
    backlog: { messages: 0 } as { messages: number; oldest?: number } | undefined,
    end: "1:5" as Position | undefined,
    hasRead: true,
    unreadable: 0,
    isAway: false,
  };
  const asked: string[] = [];
  const log: Pick<MessageLog, "backlogOf" | "lastPosition"> = {
    backlogOf: async (topic, subscription) => {
      asked.push(`${topic} ${subscription}`);
      if (says.backlog === undefined) throw new Error("away");
      return says.backlog;
    },
    lastPosition: async (topic) => {
      asked.push(topic);
      if (says.isAway) throw new Error("away");
      return says.end;
    },
  };
  const follower: Pick<HistoryFollower, "unreadable" | "hasRead"> = {
    get unreadable() {
      return says.unreadable;
    },
    hasRead: () => says.hasRead,
  };
  const awaited = Promise.withResolvers<void>();
  let outcome: boolean | undefined;
  const followed = { log: log as MessageLog, clock, partition: 3, follower: follower as HistoryFollower };
  void readPastInbox(followed, awaited.promise, 1_000).then((isPast) => {
    outcome = isPast;
  });
  return { clock, says, asked, come: awaited.resolve, outcome: () => outcome };
}

test("it is sure when the log has said twice that the inbox is read, and history is read to where it ends then", async () => {
  const { clock, asked, outcome } = opened();
  await clock.advance(999);
  expect(asked).toEqual([]);
  await clock.advance(1);
  expect(asked).toEqual([`${topics.inbox(3)} ${subscriptions.engine}`]);
  expect(outcome()).toBeUndefined();
  await clock.advance(1_000);
  expect(asked.slice(1)).toEqual([`${topics.inbox(3)} ${subscriptions.engine}`, topics.history(3)]);
  await clock.advance(0);
  expect(outcome()).toBe(true);
});

test("what comes first is no more to be waited for", async () => {
  const { clock, come, outcome } = opened();
  await clock.advance(1_000);
  come();
  await clock.advance(1_000);
  expect(outcome()).toBe(false);
});

test("a log that says in between that something is left has to say twice again that nothing is", async () => {
  const { clock, says, outcome } = opened();
  await clock.advance(1_000);
  says.backlog = { messages: 1 };
  await clock.advance(1_000);
  says.backlog = { messages: 0 };
  await clock.advance(1_000);
  expect(outcome()).toBeUndefined();
  await clock.advance(1_000);
  await clock.advance(0);
  expect(outcome()).toBe(true);
});

test.each([
  ["the log does not say what is left", { backlog: undefined }],
  ["the log does not say where history ends", { isAway: true }],
  ["history is not read to its end here", { hasRead: false }],
  ["something came that could not be read: it may stand there", { unreadable: 1 }],
])("it is not sure where %s", async (_, said) => {
  const { clock, says, outcome } = opened();
  Object.assign(says, said);
  await clock.advance(10_000);
  expect(outcome()).toBeUndefined();
});
