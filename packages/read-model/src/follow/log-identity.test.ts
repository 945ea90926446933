import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import {
  LogError,
  type MessageLog,
  type Position,
  position,
  type ReceivedMessage,
} from "@downbeat/message-log";
import { encodeCompacted, readHistory, recordLink } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { everyEvent } from "../test/every-event.ts";
import { historyOf } from "../test/history-log.ts";
import { type Anchor, markOf } from "../write/partitions.ts";
import { compared, type KnownPartition } from "./log-identity.ts";

const history = historyOf(everyEvent()).messages;
const other = historyOf(everyEvent()).messages.map((message) => ({
  ...message,
  payload: Buffer.from(Buffer.from(message.payload).toString().replaceAll('"id":"', '"id":"other-')),
}));

/** A log of one topic that holds these, as a broker answers: it knows of no place that isn't there, and goes on behind it. */
function logOf(messages: readonly ReceivedMessage[]): MessageLog {
  const log: Pick<MessageLog, "lastPosition" | "openReader"> = {
    lastPosition: async () => messages.at(-1)?.position,
    openReader: async (_, { from, onMessage }) => {
      const next = messages.find(
        (message) => from === "earliest" || (from !== "latest" && message.position > from.after),
      );
      if (next !== undefined) setImmediate(() => void onMessage(next));
      return { close: async () => {} };
    },
  };
  return log as MessageLog;
}

/** In another ledger. */
const moved = (messages: readonly ReceivedMessage[], ledger: number): ReceivedMessage[] =>
  messages.map((message, index) => ({ ...message, position: position(ledger, index) }));

/** What a cache knows that has read so many of them. */
function known(messages: readonly ReceivedMessage[], count: number): KnownPartition {
  let cursor: AcceptCursor = emptyCursor;
  for (const message of messages.slice(0, count)) cursor = readHistory(cursor, message).cursor;
  const [first] = messages;
  const last = messages[count - 1];
  const before = messages[count - 2]?.position;
  const anchor: Anchor | undefined =
    last === undefined ? undefined : { position: last.position, before, mark: markOf(last) };
  return {
    first: first === undefined ? undefined : { position: first.position, digest: digestOf(first) },
    position: last?.position,
    anchor,
    cursor,
  };
}

function digestOf(message: ReceivedMessage): string {
  return markOf({ payload: message.payload, properties: {} });
}

const mismatch = async (now: readonly ReceivedMessage[], before: KnownPartition) =>
  (await compared(logOf(now), "history-partition-0", before)).mismatch;

test("a log that was only written to is the same", async () => {
  expect(await mismatch(history, known(history, 3))).toBeUndefined();
  expect(await mismatch(history, known(history, history.length))).toBeUndefined();
  expect(await mismatch([], known([], 0))).toBeUndefined();
});

test("one that was cut at its front is the same as long as what is left follows what was read", async () => {
  for (const cut of [1, 2, 4]) expect(await mismatch(history.slice(cut), known(history, 4))).toBeUndefined();
  expect(await mismatch(history.slice(6), known(history, 4))).toBe(
    "the log begins after what the cache has read, with what doesn't follow it",
  );
});

test("one that was cut past all that was read goes on where it follows, and that is known", async () => {
  const { first, ...rest } = await compared(
    logOf(history.slice(4)),
    "history-partition-0",
    known(history, 4),
  );
  expect(first?.position).toBe(history[4]?.position);
  expect(rest).toEqual({ isCutOff: true });
  expect(
    await compared(logOf(history.slice(3)), "history-partition-0", known(history, 4)),
  ).not.toHaveProperty("isCutOff");
});

test("one that was deleted and made again is another, wherever it begins", async () => {
  const read = known(moved(history, 5), 4);
  expect(await mismatch([], read)).toBe("the log is empty now");
  // A broker numbers its ledgers upwards.
  expect(await mismatch(moved(other, 9), read)).toMatch(/^the log begins after what the cache has read/);
  expect(await mismatch(moved(other, 5), read)).toBe("the log begins differently now");
  expect(await mismatch(moved(other, 3), { ...read, position: position(2, 0) as Position })).toBe(
    "the log begins differently now",
  );
  expect(await mismatch(moved(other, 5).slice(0, 2), read)).toBe(
    "the log ends before what the cache has read",
  );
});

test("one that begins elsewhere and holds something else at the place that was read last is another", async () => {
  const read = known(history, 4);
  const now = history
    .slice(1)
    .map((message, index) => ({ ...(other[index + 1] ?? message), position: message.position }));
  expect(await mismatch(now, read)).toBe("the log holds something else where the cache has read last");
  const without = history.slice(1).filter((message) => message.position !== read.position);
  expect(await mismatch(without, read)).toBe("the log holds something else where the cache has read last");
});

test("a cache of before anchors were kept is judged by the rest", async () => {
  const { anchor: _, ...read } = known(history, 4);
  expect(await mismatch(history, { ...read, anchor: undefined })).toBeUndefined();
});

test("a log that can't be asked is not judged", async () => {
  const failing = {
    ...logOf(history),
    lastPosition: () => Promise.reject(new LogError("unavailable", "away")),
  };
  await expect(compared(failing, "history-partition-0", known(history, 3))).rejects.toThrow("away");
});

test("one in which compaction put a record in the place of what was read last, and of what came after it, is the same", async () => {
  const read = known(history, 4);
  const compacted = history.slice(1, 6).flatMap(({ payload }) => recordLink(payload)?.link ?? []);
  const [first, last] = [compacted[0], compacted.at(-1)];
  const place = history[5];
  if (first === undefined || last === undefined || place === undefined)
    throw new Error("The history is too short.");
  const instead = (claimId: string): ReceivedMessage => ({
    ...place,
    payload: encodeCompacted({ ...last, claimId, prev: first.prev, ordinal: 6 }, []),
  });
  expect(
    await mismatch([...history.slice(0, 1), instead(last.claimId), ...history.slice(6)], read),
  ).toBeUndefined();
  expect(await mismatch([...history.slice(0, 1), instead("another"), ...history.slice(6)], read)).toBe(
    "the log holds something else where the cache has read last",
  );
});
