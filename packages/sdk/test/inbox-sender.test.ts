import { LogError, type MessageLog, systemClock } from "@downbeat/message-log";
import { expect, onTestFinished, test } from "vitest";
import { InboxSender } from "../src/inbox/inbox-sender.ts";
import { openTestLog } from "./open-log.ts";

const command = {
  type: "CancelRun",
  commandId: "c1",
  runId: "r",
  action: { actionId: "a", actor: "mia", reason: "" },
} as const;

test("a command that the log does not take is refused to who sent it, and to nobody else", async () => {
  await using opened = await openTestLog(1);
  const strays: unknown[] = [];
  const hear = (reason: unknown) => void strays.push(reason);
  process.on("unhandledRejection", hear);
  onTestFinished(() => void process.off("unhandledRejection", hear));
  const log: MessageLog = Object.assign(Object.create(opened.log), {
    openProducer: async (...args: Parameters<MessageLog["openProducer"]>) => ({
      ...(await opened.log.openProducer(...args)),
      send: () => Promise.reject(new LogError("tooLarge", "it is too large")),
    }),
  });
  const sender = new InboxSender(log, 1, { clock: systemClock });
  await expect(sender.send(command)).rejects.toThrow("it is too large");
  const posting = sender.post(command);
  const outcomes = await Promise.allSettled([posting.receipt, posting.sent]);
  expect(outcomes[0]).toMatchObject({ status: "rejected" });
  // Node tells of what nobody has heard once this turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  expect(strays).toEqual([]);
});
