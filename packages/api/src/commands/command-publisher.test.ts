import type { RunCommand } from "@downbeat/domain";
import { LogError, type MessageLog, systemClock } from "@downbeat/message-log";
import { MemoryLog } from "@downbeat/message-log/memory";
import { topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { CommandPublisher } from "./command-publisher.ts";

const command = {
  type: "CancelRun",
  commandId: "c",
  runId: "r",
  action: { actionId: "a", actor: "mia", reason: "" },
} satisfies RunCommand;

async function logOfOnePartition(): Promise<MessageLog> {
  const log = new MemoryLog({ clock: systemClock });
  onTestFinished(() => log.close());
  await log.createPartitionedTopic("inbox", 1);
  return log;
}

test.each<[string, RunCommand]>([
  ["no actor", { ...command, action: { ...command.action, actor: "" } }],
  ["a reason without end", { ...command, action: { ...command.action, reason: "x".repeat(100_000) } }],
  ["half a character in its run's id", { ...command, runId: "r\ud83d" }],
])("a command with %s is bad input, and is not sent", async (_, bad) => {
  const log = await logOfOnePartition();
  const before = await log.lastPosition(topics.inbox(0));
  await expect(new CommandPublisher(log).send(bad)).rejects.toMatchObject({
    name: "ApiError",
    code: "badInput",
    message: expect.stringMatching(/^CancelRun can't be sent\. ./),
  });
  expect(await log.lastPosition(topics.inbox(0))).toEqual(before);
  await new CommandPublisher(log).send(command);
  expect(await log.lastPosition(topics.inbox(0))).not.toEqual(before);
});

test("what the log is too small for is bad input; where there is no inbox yet, or no log, trying again may help", async () => {
  const log = await logOfOnePartition();
  const refusing = (error: Error): MessageLog =>
    Object.assign(Object.create(log), {
      partitionsOf: async () => 1,
      openProducer: () => Promise.reject(error),
    });
  const sent = (to: MessageLog) => new CommandPublisher(to).send(command);
  await expect(sent(refusing(new LogError("tooLarge", "of 2 MB")))).rejects.toMatchObject({
    code: "badInput",
  });
  await expect(sent(refusing(new Error("connection refused")))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("with the same actionId it is carried out once"),
  });
  await expect(sent(new MemoryLog({ clock: systemClock }))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("not set up its topics yet"),
  });
});
