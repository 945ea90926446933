import { Alerts, calmMs, type Measured } from "@downbeat/api";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import type { AlertRule } from "@downbeat/protocol";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AlertWatch } from "../src/alerts/alert-watch.ts";
import type { AlertNote } from "../src/alerts/note.ts";

vi.setConfig({ testTimeout: 60_000 });

let log: EmbeddedLog;
const closings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
});

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
  await log.close();
});

/** What all servers see: entries in the quarantine, the time, and what goes out. */
const world = () => ({
  now: 1_000_000,
  entries: 0 as number | "unknown",
  sent: [] as { readonly channel: string; readonly note: AlertNote; readonly by: string }[],
  broken: new Set<string>(),
  /** What a mail server says of some of the addresses. */
  refused: new Map<string, string>(),
});
type World = ReturnType<typeof world>;

function server(state: World, by = "first") {
  const alerts = new Alerts({ log: log.connect() });
  const measured = {
    readModel: { quarantinedFrom: () => state.entries },
    feed: {
      freshness: () => ({ live: state.entries !== "unknown", note: "It is behind.", behind: 1 }),
    },
    now: () => state.now,
  } as unknown as Measured;
  const watch = new AlertWatch({
    log: log.connect(),
    alerts,
    measured,
    channels: {
      page: "https://downbeat.example/public/default/alerts",
      repeats: (channel) => channel === "manager",
      send: async (channel, note) => {
        if (state.broken.has(channel)) throw new Error("It answered 500.");
        state.sent.push({ channel, note, by });
        return state.refused.get(channel);
      },
    },
    namespace: "public/default",
    logger: pino({ level: "silent" }),
    now: () => state.now,
    everyMs: 10,
    pausesMs: [5, 5],
  });
  closings.push(
    () => watch.close(),
    () => alerts.close(),
  );
  return { alerts, watch };
}

async function save(alerts: Alerts, more: Partial<AlertRule> = {}, replaces = 0) {
  await alerts.append({
    type: "ruleSaved",
    ruleId: "a",
    by: "ada",
    at: 1,
    replaces,
    changeId: `c${replaces}`,
    rule: {
      name: "Quarantine grew",
      condition: { kind: "quarantine", atLeast: 2, withinMs: 3_600_000 },
      channels: ["chat"],
      ...more,
    },
  });
}

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 10 });
const said = ({ sent }: World) => sent.map(({ channel, note }) => `${channel} ${note.of} ${note.id}`);

test("people are told once that something is wrong, and once that it is over, with what was found", async () => {
  const state = world();
  const { alerts } = server(state);
  await save(alerts);
  state.entries = 3;
  await until(() => state.sent.length === 1);
  expect(state.sent[0]?.note).toMatchObject({
    id: "a/1",
    of: "opened",
    name: "Quarantine grew",
    sentence: "3 entries have come into the quarantine in 1 h.",
    openedAt: 1_000_000,
    url: "https://downbeat.example/public/default/alerts",
  });
  state.entries = 0;
  const calmFrom = state.now;
  // The time goes on as long as nothing is said.
  await until(() => {
    state.now += 5_000;
    return state.sent.length === 2;
  });
  expect(state.now - calmFrom).toBeGreaterThanOrEqual(calmMs);
  expect(said(state)).toEqual(["chat opened a/1", "chat resolved a/1"]);
  expect(state.sent[1]?.note.sentence).toBe("0 entries have come into the quarantine in 1 h.");
  state.entries = 2;
  await until(() => state.sent.length === 3);
  expect(said(state)[2]).toBe("chat opened a/2");
});

test("of two servers one looks, and when it is gone the other goes on without telling anything again", async () => {
  const state = world();
  const first = server(state);
  await until(() => first.watch.watching.is === "here");
  const second = server(state, "second");
  await until(() => second.watch.watching.is === "elsewhere");
  await save(first.alerts);
  state.entries = 2;
  await until(() => first.alerts.known.openOf("a")?.notices.length === 1);
  await first.watch.close();
  await until(() => second.watch.watching.is === "here" && second.watch.watching.lookedAt !== undefined);
  await save(second.alerts, { channels: ["chat", "mail"] }, 1);
  await until(() => state.sent.length === 2);
  expect(state.sent.map(({ channel, by }) => `${by}: ${channel}`)).toEqual(["first: chat", "second: mail"]);
});

test("what can't be delivered is tried again, and then said to have failed, and why", async () => {
  const state = world();
  const { alerts } = server(state);
  state.broken.add("chat");
  await save(alerts, { channels: ["chat", "mail"] });
  state.entries = 2;
  await until(() => alerts.known.openOf("a")?.notices.length === 2);
  expect(
    alerts.known.openOf("a")?.notices.toSorted((a, b) => (a.channel < b.channel ? -1 : 1)),
  ).toMatchObject([
    { channel: "chat", outcome: "failed", problem: "It answered 500." },
    { channel: "mail", outcome: "delivered" },
  ]);
  expect(said(state)).toEqual(["mail opened a/1"]);
});

test("whom a channel did not reach is said, and nobody is told twice", async () => {
  const state = world();
  const { alerts } = server(state);
  const problem = "1 of 2 addresses was refused by the mail server.";
  state.refused.set("mail", problem);
  await save(alerts, { channels: ["mail"] });
  state.entries = 2;
  await until(() => alerts.known.openOf("a")?.notices.length === 1);
  expect(alerts.known.openOf("a")?.notices).toMatchObject([
    { channel: "mail", outcome: "delivered", problem },
  ]);
  expect(said(state)).toEqual(["mail opened a/1"]);
});

test("while nobody can say how it is, nothing begins and nothing ends, and why is said", async () => {
  const state = world();
  const { alerts, watch } = server(state);
  await save(alerts);
  state.entries = "unknown";
  await until(() => watch.watching.unknown.get("a") === "It is behind.");
  expect(alerts.known.open).toEqual([]);
  state.entries = 2;
  await until(() => alerts.known.open.length === 1 && watch.watching.unknown.size === 0);
  state.entries = "unknown";
  state.now += 3_600_000;
  await until(() => watch.watching.unknown.has("a"));
  expect(alerts.known.open).toHaveLength(1);
});

test("a channel that forgets is told again each minute while it goes on", async () => {
  const state = world();
  const { alerts } = server(state);
  await save(alerts, { channels: ["manager", "chat"] });
  state.entries = 2;
  await until(() => alerts.known.openOf("a")?.notices.length === 2);
  state.now += 60_000;
  await until(() => said(state).filter((line) => line === "manager opened a/1").length === 2);
  expect(said(state).filter((line) => line.startsWith("chat"))).toHaveLength(1);
});

test("a rule that is deleted ends its incident, and who was told is told of that", async () => {
  const state = world();
  const { alerts } = server(state);
  await save(alerts);
  state.entries = 2;
  await until(() => alerts.known.openOf("a")?.notices.length === 1);
  await alerts.append({ type: "ruleDeleted", ruleId: "a", by: "ada", at: 1, replaces: 1, changeId: "d" });
  await until(() => state.sent.length === 2);
  expect(state.sent[1]?.note).toMatchObject({ of: "resolved", sentence: "The rule was deleted." });
});
