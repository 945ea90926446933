import { expect, test } from "vitest";
import { FollowedTopic, type MessageLog, systemClock } from "../src/index.ts";
import { MemoryLog } from "../src/memory/memory-log.ts";

async function opened() {
  const log = new MemoryLog({ clock: systemClock });
  const producer = await log.openProducer("topic");
  const send = async (text: string) => {
    const position = await producer.send({ payload: Buffer.from(text) });
    if (position === undefined) throw new Error("The log gave no position.");
    return position;
  };
  const read: string[] = [];
  const follow = (given: MessageLog = log) =>
    new FollowedTopic(given, "topic", {
      onMessage: ({ payload }) => void read.push(Buffer.from(payload).toString()),
    });
  return { log, send, read, follow };
}

test("what the topic holds by now is read, from its beginning", async () => {
  const { send, read, follow } = await opened();
  await send("a");
  await send("b");
  const followed = follow();
  await followed.readUpToNow();
  expect(read).toEqual(["a", "b"]);
  const c = await send("c");
  await Promise.all([followed.readUpTo(c), followed.readUpTo(c)]);
  expect(read).toEqual(["a", "b", "c"]);
  await followed.readUpTo(c);
  await followed.close();
});

test("of an empty topic there is nothing to wait for", async () => {
  const { read, follow } = await opened();
  const followed = follow();
  await followed.readUpToNow();
  expect(read).toEqual([]);
  await followed.close();
});

test("where the log doesn't say its end, whoever asks up to now hears of it", async () => {
  const { log, follow } = await opened();
  const mute = Object.assign(Object.create(log), {
    lastPosition: () => Promise.reject(new Error("no permission")),
  }) as MessageLog;
  const followed = follow(mute);
  await expect(followed.readUpToNow()).rejects.toThrow("no permission");
  await followed.close();
});
