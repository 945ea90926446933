import type { RunCommand } from "@downbeat/domain";
import type { ProjectionFeed, ReadModel } from "@downbeat/read-model";
import { expect, test } from "vitest";
import type { CommandSender } from "../commands/command-sender.ts";
import type { SentCommands } from "../commands/sent-commands.ts";
import type { Context } from "../context.ts";
import { PostponeTimer, postponeTimer } from "./postpone-timer.ts";

const day = 86_400_000;

/** What goes to the run, from a server whose read model knows nothing of it. */
async function commandFor(asked: object): Promise<RunCommand | undefined> {
  let sent: RunCommand | undefined;
  const commands: Partial<CommandSender> = {
    send: async (command) => {
      sent = command;
      throw new Error("That is enough.");
    },
  };
  const readModel: Partial<ReadModel> = {
    exists: () => false,
    beginning: () => ({ at: 30 * day, logFrom: 0, ignoredKnown: true, openRunsKnown: true }),
    action: () => undefined,
  };
  const context = {
    readModel,
    feed: {} as ProjectionFeed,
    commands,
    sent: { stateOf: async () => undefined } as Partial<SentCommands>,
    actor: "ada",
    role: "admin",
    now: () => 60 * day,
    newId: () => "new",
  } as Context;
  const input = PostponeTimer.parse({ runId: "old-1", reason: "a holiday", ...asked });
  await expect(postponeTimer(context, input)).rejects.toThrow("That is enough.");
  return sent;
}

test("how long something is put off is for the run to count: a server may not know when it is due", async () => {
  expect(await commandFor({ kind: "sleep", id: "t1", byMs: day })).toEqual({
    type: "PostponeTimer",
    commandId: "new",
    runId: "old-1",
    timerId: "t1",
    byMs: day,
    action: { actionId: "new", actor: "ada", reason: "a holiday" },
  });
  const backOff = await commandFor({ kind: "backOff", id: "j1", attempt: 3, byMs: day });
  expect(backOff).toMatchObject({ type: "PostponeRetry", jobId: "j1", attempt: 3, byMs: day });
  expect(backOff).not.toHaveProperty("until");
});

test("a moment is passed on as it is", async () => {
  const put = await commandFor({ kind: "signal", id: "w1", until: 90 * day });
  expect(put).toMatchObject({ type: "PostponeTimer", timerId: "w1", until: 90 * day });
  expect(put).not.toHaveProperty("byMs");
});
