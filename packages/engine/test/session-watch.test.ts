import { subscriptions } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { SessionWatch } from "../src/session-watch.ts";
import { EngineClock } from "./engine-clock.ts";

function watched({ isBehind = false, hasInbox = true, consumers = ["engine-1"] } = {}) {
  const clock = new EngineClock();
  const log = { isBehind, hasInbox, consumers, asked: 0 };
  const stalled: (string | number)[] = [];
  const watch = new SessionWatch({
    partition: 0,
    owner: "engine-1",
    clock,
    log: {
      topicStats: async () => {
        log.asked += 1;
        const known = { type: "Failover", backlog: 0, delayed: 0 } as const;
        return { subscriptions: [{ ...known, name: subscriptions.engine, consumers: log.consumers }] };
      },
    },
    isBehind: () => log.isBehind,
    hasInbox: () => log.hasInbox,
    onHistoryStalled: (silentMs) => stalled.push(silentMs),
    onInboxStalled: () => stalled.push("inbox"),
  });
  onTestFinished(() => watch.close());
  const pass = async (ms: number, each: () => void = () => {}) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      each();
      await clock.manual.advance(1_000);
    }
  };
  return { clock, log, stalled, watch, pass };
}

test("history that is silent before its known end is stalled", async () => {
  const { stalled, pass } = watched({ isBehind: true });
  await pass(25_000);
  expect(stalled).toEqual([10_000]);
});

test("history that is slow, or read to its end, is not", async () => {
  const slow = watched({ isBehind: true });
  await slow.pass(120_000, () => slow.watch.historyHeard());
  expect(slow.stalled).toEqual([]);
  const read = watched();
  await read.pass(120_000);
  expect(read.stalled).toEqual([]);
});

test("an inbox session that the log knows no more is renewed; a stand-by's silence is its right", async () => {
  const { log, stalled, pass } = watched({ consumers: ["engine-1", "engine-2"] });
  await pass(120_000);
  expect(stalled).toEqual([]);
  log.consumers = ["engine-2"];
  await pass(61_000);
  expect(stalled).toEqual(["inbox"]);
});

test("the log isn't asked while the inbox brings messages, or there is none", async () => {
  const busy = watched({ consumers: [] });
  await busy.pass(120_000, () => busy.watch.inboxHeard());
  const without = watched({ consumers: [], hasInbox: false });
  await without.pass(120_000);
  expect([busy.log.asked, busy.stalled, without.log.asked, without.stalled]).toEqual([0, [], 0, []]);
});

test("nothing is looked at once it is closed", async () => {
  const { clock, watch } = watched();
  watch.close();
  expect(clock.manual.waits).toEqual([]);
});
