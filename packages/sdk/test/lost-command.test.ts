import type { RunEvent } from "@downbeat/domain";
import { type Clock, type MessageLog, position, systemClock } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { client } from "../src/client/index.ts";
import { openTestLog } from "./open-log.ts";
import { endOf, Owner } from "./owner.ts";

/** Two hundred times as fast. */
const fast: Clock = {
  now: () => Date.now(),
  setTimer: (callback, delayMs) => systemClock.setTimer(callback, delayMs / 200),
};

const started: readonly RunEvent[] = [{ type: "RunStarted", workflow: "plain", input: "1" }];

/** An engine's subscription from which somebody takes all that comes, without an answer. */
async function skipping(log: MessageLog): Promise<void> {
  await new Owner(log).answer(2, () => undefined);
}

describe("a command that was skipped from the inbox", () => {
  test("is said to be lost, by each of the client's verbs", async () => {
    await using opened = await openTestLog();
    await skipping(opened.connect());
    const c = client({ log: opened.log, clock: fast, answerWithin: "10 minutes" });
    const lost = (sending: Promise<unknown>) =>
      expect(sending).rejects.toMatchObject({ name: "CommandLostError", runId: "r" });
    await lost(c.start("plain", 1, { runId: "r" }));
    await lost(c.run("r").signal("go"));
    await lost(c.run("r").cancel("enough"));
    await lost(c.run("r").terminate("enough"));
    await c.close();
  });

  test("is lost too where history went on meanwhile", async () => {
    await using opened = await openTestLog();
    const owner = new Owner(opened.connect());
    await owner.answer(2, () => undefined);
    const c = client({ log: opened.log, clock: fast, answerWithin: "10 minutes" });
    const starting = c.start("plain", 1, { runId: "r" });
    for (const partition of [0, 1]) await owner.record(partition, endOf("other", ...started));
    await expect(starting).rejects.toThrow(
      "StartRun of run r was lost: the inbox was read past it, and history holds no answer. Nothing was done; send it again.",
    );
    await c.close();
  });

  test("can be sent again, and is carried out then", async () => {
    await using opened = await openTestLog();
    let heard = 0;
    await new Owner(opened.connect()).answer(2, () => (++heard > 1 ? started : undefined));
    const c = client({ log: opened.log, clock: fast, answerWithin: "10 minutes" });
    await expect(c.start("plain", 1, { runId: "r" })).rejects.toThrow("was lost");
    expect((await c.start("plain", 1, { runId: "r" })).runId).toBe("r");
    await c.close();
  });
});

describe("a command is not said to be lost", () => {
  const odd: Readonly<Record<string, (log: MessageLog) => Partial<MessageLog>>> = {
    "while it waits in the inbox": () => ({ backlogOf: async () => ({ messages: 1, oldest: Date.now() }) }),
    "where the log does not say what a subscription holds": () => ({
      backlogOf: async () => {
        throw new Error("not permitted");
      },
    }),
    "while the log says now that it was read, and now that it was not": () => {
      let turn = 0;
      return { backlogOf: async () => ({ messages: ++turn % 2, oldest: Date.now() }) };
    },
    "where the engine's subscription is gone": () => ({ backlogOf: async () => undefined }),
    "while history was not read to its end": (log) => {
      let isFollowed = false;
      return {
        async lastPosition(topic) {
          if (isFollowed) return position(Number.MAX_SAFE_INTEGER, 0);
          isFollowed = true;
          return log.lastPosition(topic);
        },
      };
    },
  };
  for (const [when, parts] of Object.entries(odd))
    test(when, async () => {
      await using opened = await openTestLog();
      await skipping(opened.connect());
      const log = withParts(opened.connect(), parts(opened.log));
      const c = client({ log, clock: fast, answerWithin: "2 minutes" });
      await expect(c.start("plain", 1, { runId: "r" })).rejects.toMatchObject({ name: "NoAnswerError" });
      await c.close();
    });

  test("after a record that could not be read: its answer may stand there", async () => {
    await using opened = await openTestLog();
    const log = opened.connect();
    for (const partition of [0, 1]) {
      const producer = await log.openProducer(topics.history(partition));
      const engine = await log.openConsumer(topics.inbox(partition), {
        subscription: "engine",
        type: "Failover",
        onMessage: async ({ position }) => {
          await producer.send({ payload: Buffer.from("no record") });
          engine.acknowledge(position);
        },
      });
    }
    const c = client({ log: opened.log, clock: fast, answerWithin: "2 minutes" });
    await expect(c.start("plain", 1, { runId: "r" })).rejects.toMatchObject({ name: "NoAnswerError" });
    await c.close();
  });
});

function withParts(log: MessageLog, parts: Partial<MessageLog>): MessageLog {
  return new Proxy(log, {
    get(target, name: keyof MessageLog) {
      const part = parts[name] ?? target[name];
      return typeof part === "function" ? part.bind(target) : part;
    },
  });
}
