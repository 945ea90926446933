import { setImmediate } from "node:timers/promises";
import { type BoardPost, Boards, lastDue, type Services } from "@downbeat/api";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Turn } from "../src/alerts/turn.ts";
import { BoardMailWatch } from "../src/boards/board-mail-watch.ts";

vi.setConfig({ testTimeout: 120_000 });

let log: EmbeddedLog;
const closings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
});

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
  await log.close();
});

const weekly = { channel: "team", to: ["ada@example.com"], weekday: 1, hour: 8, timeZone: "Europe/Berlin" };
const monday = Date.UTC(2026, 10, 23, 7);
const weekMs = 7 * 86_400_000;

interface World {
  now: number;
  sent: string[];
  failures: number;
  /** What the mail server says of some of the addresses. */
  refused?: string;
  /** Sending begins, and never ends. */
  hangs: boolean;
  /** The read model knows what the log holds. */
  live: boolean;
  /** What somebody does while it is sent in vain. */
  meanwhile?: () => Promise<unknown>;
  /** So many are being sent, and so many were at the same time. */
  sending: number;
  mostAtOnce: number;
}

const world = (): World => ({
  now: monday - 1,
  sent: [],
  failures: 0,
  hangs: false,
  live: true,
  sending: 0,
  mostAtOnce: 0,
});

function server(state: World, by = "first", pausesMs = [5, 5]) {
  const boards = new Boards({ log: log.connect(), patienceMs: 60_000 });
  let id = 0;
  const boardPost: BoardPost = {
    namespace: "public/default",
    pageOf: (boardId) => `https://downbeat.example/public/default/boards/${boardId}`,
    refusal: () => undefined,
    async send(channel, to, { subject, text }) {
      if (state.hangs) return new Promise(() => {});
      state.mostAtOnce = Math.max(state.mostAtOnce, ++state.sending);
      await setImmediate();
      state.sending--;
      if (state.failures-- > 0) {
        await state.meanwhile?.();
        throw new Error("The mail server did not take it: ECONNECTION.");
      }
      state.sent.push(`${by} ${channel} ${to.join()} ${subject} ${text.includes("/boards/b")}`);
      return state.refused;
    },
  };
  const services = {
    boards,
    boardPost,
    masking: { ready: async () => {}, shown: <T>(answer: T) => answer },
    feed: {
      freshness: () => ({ completeTo: state.now, behind: 0, live: state.live }),
      status: () => ({ partitions: 1 }),
    },
    now: () => state.now,
    newId: () => `${by}-${++id}`,
  } as Partial<Services> as Services;
  const watch = new BoardMailWatch({
    services,
    logger: pino({ level: "silent" }),
    everyMs: 10,
    pausesMs,
  });
  const turn = new Turn({
    log: log.connect(),
    onTurn: (signal) => void watch.look(signal),
    againMs: 20,
  });
  closings.push(
    () => boards.close(),
    () => watch.close(),
    () => turn.close(),
  );
  return { boards, turn, watch };
}

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 10 });

async function save(boards: Boards, savedAt: number, { id = "b", replaces = 0, ...patch }: Saving = {}) {
  await boards.append({
    type: "saved",
    id,
    by: "ada",
    at: savedAt,
    replaces,
    changeId: "c",
    board: { name: "How we are", period: "7d", panels: [], weekly, ...patch },
  });
}

interface Saving {
  readonly id?: string;
  /** Version */
  readonly replaces?: number;
  readonly name?: string;
  readonly weekly?: typeof weekly;
}

const outcomes = (boards: Boards) => boards.mails.of("b").map(({ due, outcome }) => [due, outcome]);

test("a board is sent when it is due, once, and again a week later; what came of it is in the log", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  expect(lastDue(weekly, state.now)).toBe(monday - weekMs);
  state.now = monday;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(state.sent).toEqual(["first team ada@example.com How we are: last 7 days (public/default) true"]);
  state.now = monday + weekMs + 3_600_000;
  await until(() => boards.mails.of("b").length === 2 && boards.mails.of("b")[0]?.outcome === "delivered");
  expect(state.sent).toHaveLength(2);
  expect(outcomes(boards)).toEqual([
    [monday + weekMs, "delivered"],
    [monday, "delivered"],
  ]);
});

test("whoever takes over, and whoever starts again, sends nothing again, though nobody knows whether it arrived", async () => {
  const state = world();
  const first = server(state);
  await until(() => first.turn.state === "here");
  await save(first.boards, monday - 1_000);
  state.hangs = true;
  state.now = monday;
  await until(() => first.boards.mails.of("b").length === 1);
  const second = server(state, "second");
  await until(() => second.turn.state === "elsewhere");
  await first.turn.close();
  state.hangs = false;
  await until(() => second.turn.state === "here");
  // It looks: what is due later, it sends.
  state.now = monday + weekMs;
  await until(() => second.boards.mails.of("b")[0]?.outcome === "delivered");
  expect(state.sent).toEqual(["second team ada@example.com How we are: last 7 days (public/default) true"]);
  expect(outcomes(second.boards)).toEqual([
    [monday + weekMs, "delivered"],
    [monday, "begun"],
  ]);
});

test("what the mail server doesn't take is tried again, and told when it stays so", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  state.failures = 2;
  state.now = monday;
  await until(() => state.sent.length === 1);
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  state.failures = 3;
  state.now = monday + weekMs;
  await until(() => boards.mails.of("b")[0]?.outcome === "failed");
  expect(boards.mails.of("b")[0]).toMatchObject({
    due: monday + weekMs,
    problem: "The mail server did not take it: ECONNECTION.",
  });
  expect(state.sent).toHaveLength(1);
});

test("neither a week that was over when it was set, nor one that all servers slept through, is sent", async () => {
  const state = world();
  const { boards, turn } = server(state);
  state.now = monday + 3_600_000;
  await save(boards, monday + 1_000);
  await until(() => turn.state === "here");
  const looks = vi.spyOn(boards, "all");
  state.now = monday + weekMs + 2 * 86_400_000;
  looks.mockClear();
  await until(() => looks.mock.calls.length > 2);
  state.now = monday + 2 * weekMs;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(outcomes(boards)).toEqual([[monday + 2 * weekMs, "delivered"]]);
});

test("what is due waits for a read model that is behind", async () => {
  const state = world();
  state.live = false;
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  state.now = monday;
  const looks = vi.spyOn(boards, "all");
  await until(() => looks.mock.calls.length > 2);
  expect(boards.mails.of("b")).toEqual([]);
  state.now = monday + 3_600_000;
  state.live = true;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(outcomes(boards)).toEqual([[monday, "delivered"]]);
});

test("a board whose zone nobody knows any more does not keep the others from being sent", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000, { id: "a", name: "A", weekly: { ...weekly, timeZone: "Moon/Tycho" } });
  await save(boards, monday - 1_000);
  state.now = monday;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(boards.mails.of("a")).toEqual([]);
});

test("who arranges a board between its moment and its sending keeps nobody from it; who moves the moment means the next one", async () => {
  const state = world();
  state.live = false;
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  state.now = monday + 60_000;
  await save(boards, monday + 30_000, {
    replaces: 1,
    name: "Otherwise",
    weekly: { ...weekly, to: ["b@example.com"] },
  });
  state.live = true;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  await save(boards, state.now, { replaces: 2, weekly: { ...weekly, hour: 7 } });
  const looks = vi.spyOn(boards, "all");
  await until(() => looks.mock.calls.length > 2);
  expect(outcomes(boards)).toEqual([[monday, "delivered"]]);
});

test("the end of its turn keeps a server from beginning, not from bringing to its end what it has begun", async () => {
  const state = world();
  const { boards, turn } = server(state, "first", [500]);
  await save(boards, monday - 1_000);
  state.failures = 1;
  state.meanwhile = () => turn.close();
  state.now = monday;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(outcomes(boards)).toEqual([[monday, "delivered"]]);
  expect(state.sent).toHaveLength(1);
});

test("a server that closes before anything went out leaves it to the next one", async () => {
  const state = world();
  const first = server(state, "first", [600_000]);
  await save(first.boards, monday - 1_000);
  state.failures = 1;
  state.now = monday;
  await until(() => state.failures === 0);
  await first.turn.close();
  await first.watch.close();
  expect(outcomes(first.boards)).toEqual([[monday, "notSent"]]);
  const { boards } = server(state, "second");
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(outcomes(boards)).toEqual([
    [monday, "delivered"],
    [monday, "notSent"],
  ]);
  expect(state.sent).toHaveLength(1);
});

test("a beginning that the log took without an answer is gone on with", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  const append = boards.appendMail.bind(boards);
  vi.spyOn(boards, "appendMail").mockImplementationOnce(async (message) => {
    await append(message);
    throw new Error("The log can't be reached.");
  });
  state.now = monday;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(outcomes(boards)).toEqual([[monday, "delivered"]]);
  expect(state.sent).toHaveLength(1);
});

test("what went out is not sent again, though what came of it could not be kept", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  const append = boards.appendMail.bind(boards);
  const appends = vi.spyOn(boards, "appendMail").mockImplementation(async (message) => {
    if (message.type === "mailEnded") throw new Error("The log can't be reached.");
    return append(message);
  });
  state.now = monday;
  await until(() => appends.mock.calls.length === 2);
  const looks = vi.spyOn(boards, "all");
  await until(() => looks.mock.calls.length > 3);
  expect(outcomes(boards)).toEqual([[monday, "begun"]]);
  expect(state.sent).toHaveLength(1);
});

test("who is taken off the list while it is tried is not sent it; a board that is deleted goes to nobody", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000, { weekly: { ...weekly, to: ["a@example.com", "b@example.com"] } });
  state.failures = 1;
  state.meanwhile = () => save(boards, monday, { replaces: 1, weekly: { ...weekly, to: ["b@example.com"] } });
  state.now = monday;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(state.sent).toEqual([expect.stringContaining("team b@example.com How")]);
  state.failures = 1;
  state.meanwhile = () =>
    boards.append({ type: "deleted", id: "b", by: "ada", at: state.now, replaces: 2, changeId: "d" });
  state.now = monday + weekMs;
  await until(() => boards.mails.of("b")[0]?.outcome === "failed");
  expect(boards.mails.of("b")[0]?.problem).toContain("deleted");
  expect(state.sent).toHaveLength(1);
});

test("boards that are due at once are sent one after the other", async () => {
  const state = world();
  const { boards } = server(state);
  for (const id of ["a", "b", "c"]) await save(boards, monday - 1_000, { id, name: id });
  state.now = monday;
  await until(() => ["a", "b", "c"].every((id) => boards.mails.of(id)[0]?.outcome === "delivered"));
  expect(state.mostAtOnce).toBe(1);
});

test("what some addresses refused is told, and not tried again", async () => {
  const state = world();
  const { boards } = server(state);
  await save(boards, monday - 1_000);
  state.refused = "1 of 2 addresses was refused by the mail server.";
  state.now = monday;
  await until(() => boards.mails.of("b")[0]?.outcome === "delivered");
  expect(boards.mails.of("b")[0]?.problem).toBe(state.refused);
  expect(state.sent).toHaveLength(1);
});
