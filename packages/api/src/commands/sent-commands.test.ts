import type { Backlog } from "@downbeat/message-log";
import { expect, test } from "vitest";
import type { ActionView } from "../views.ts";
import { SentCommands } from "./sent-commands.ts";

const view: ActionView = {
  actionId: "a",
  verb: "startRun",
  actor: "ada",
  reason: "",
  at: 1,
  runId: "r",
  outcome: { type: "pending" },
};

const command = { type: "StartRun", commandId: "a", runId: "r", workflow: "w", input: "1" } as const;

/** Each with what the log and the read model say, and a clock that is set by hand. */
function stage() {
  const world = {
    now: 1_000_000,
    backlog: { messages: 1, oldest: 1_000_000 } as Backlog | undefined,
    live: true,
    readTo: 1_000_000,
    leftOut: 0,
    asked: 0,
  };
  const sent = new SentCommands({
    log: {
      partitionsOf: async () => 4,
      backlogOf: async () => {
        world.asked++;
        if (world.backlog === undefined) throw new Error("not permitted");
        return world.backlog;
      },
    },
    feed: {
      freshness: () => ({ live: world.live, completeTo: world.readTo, behind: 0 }),
      status: () => ({
        connected: true,
        caughtUp: true,
        partitions: 4,
        records: 0,
        events: 0,
        flushMs: 0,
        leftOut: world.leftOut,
        writeSide: [],
      }),
    },
    now: () => world.now,
  });
  const later = async (ms = 5_000) => {
    world.now += ms;
    world.readTo = world.now;
    return (await sent.stateOf(view))?.outcome.type;
  };
  return { sent, world, later };
}

test("a command waits while the inbox holds it, is lost once the inbox was read past it and history to then, and forgotten when answered", async () => {
  const { sent, world, later } = stage();
  expect(await later()).toBeUndefined();
  sent.add(view, command);
  expect(await later()).toBe("pending");
  world.backlog = { messages: 0 };
  expect(await later()).toBe("pending");
  expect(await later()).toBe("lost");
  // The log is full, say: what it said was not durable.
  world.backlog = undefined;
  expect(await later()).toBe("pending");
  sent.answered(view);
  expect(await later()).toBeUndefined();
});

test.each<[string, Partial<ReturnType<typeof stage>["world"]>]>([
  ["the read model is behind", { live: false }],
  ["a record was left out meanwhile, where the answer may stand", { leftOut: 1 }],
])("a command is not called lost while %s", async (_, hindrance) => {
  const { sent, world, later } = stage();
  sent.add(view, command);
  world.backlog = { messages: 0 };
  Object.assign(world, hindrance);
  await later();
  expect(await later()).toBe("pending");
});

test("a command is not called lost when nobody can say what the inbox holds, or history was read no further than the inbox was seen", async () => {
  const { sent, world, later } = stage();
  sent.add(view, command);
  world.backlog = undefined;
  await later();
  expect(await later()).toBe("pending");
  world.backlog = { messages: 0 };
  await later();
  const { readTo } = world;
  world.now += 60_000;
  world.readTo = readTo;
  expect((await sent.stateOf(view))?.outcome.type).toBe("pending");
});

test("the log is asked once in a while, however often people ask, and of many commands the newest are known", async () => {
  const { sent, world, later } = stage();
  sent.add(view, command);
  for (let time = 0; time < 20; time++) await later(100);
  expect(world.asked).toBe(1);
  for (let index = 0; index < 10_000; index++) sent.add({ ...view, actionId: `b${index}` }, command);
  expect(await later()).toBeUndefined();
});

test("of a command that waits, it is known whether another with its id asks for the same", async () => {
  const { sent } = stage();
  expect(sent.isWhatWasSent(view, command)).toBe(false);
  sent.add(view, command);
  expect(sent.isWhatWasSent(view, { ...command })).toBe(true);
  expect(sent.isWhatWasSent(view, { ...command, input: "2" })).toBe(false);
});
