import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { type BoardDefinition, boardDefinition, parseBoardMessage, topics } from "@downbeat/protocol";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Context } from "../context.ts";
import { sendOddMessages } from "../shared/test/send-odd-messages.ts";
import { deleteBoard } from "../usecases/delete-board.ts";
import { listBoards } from "../usecases/list-boards.ts";
import { SaveBoard, saveBoard } from "../usecases/save-board.ts";
import { scheduleBoard } from "../usecases/schedule-board.ts";
import { Boards } from "./boards.ts";

vi.setConfig({ testTimeout: 60_000 });

const directory = mkdtempSync(join(tmpdir(), "downbeat-boards-"));
let log: EmbeddedLog;
let files = 0;
const opened: Boards[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((boards) => boards.close()));
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

function server(actor: string): Context {
  const boards = new Boards({ log: log.connect(), patienceMs: 60_000 });
  opened.push(boards);
  let id = 0;
  return {
    boards,
    boardPost: {
      namespace: "public/default",
      pageOf: () => undefined,
      refusal: () => undefined,
      send: async () => undefined,
    },
    actor,
    role: "manager",
    alertChannels: { all: [], test: async () => {} },
    now: () => 1_000,
    newId: () => `${actor}-${++id}`,
  } as Partial<Context> as Context;
}

const board: BoardDefinition = {
  name: "Bookings",
  period: "24h",
  panels: [
    { kind: "figure", id: "a", width: 1, height: 1, figure: "completed", compare: "week" },
    { kind: "series", id: "b", width: 2, height: 2, series: "ended", workflow: "bookTrip" },
    { kind: "breakDown", id: "c", width: 2, height: 2, of: "ended", by: "label.region", show: "groups" },
    {
      kind: "breakDown",
      id: "e",
      width: 1,
      height: 1,
      of: "started",
      show: "total",
      where: [[{ key: "tier", test: "is", value: "gold", not: true }], [{ key: "region", test: "exists" }]],
    },
    { kind: "sql", id: "d", width: 4, height: 3, queryId: "q", view: "chart", title: "顧客ごと" },
  ],
};

async function saved(context: Context, input: Parameters<typeof saveBoard>[1] = { board }) {
  const answer = await saveBoard(context, input);
  if (answer.outcome !== "saved") throw new Error("it is new");
  return answer.board;
}

test("a board is everybody's on every server, as it was arranged", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  await saved(ada, { board: { ...board, name: "b" } });
  await saved(ada, { board: { ...board, name: "A" } });
  const common = { savedBy: "ada", savedAt: 1_000, version: 1 };
  expect((await listBoards(grace)).boards).toEqual([
    { id: "ada-3", board: { ...board, name: "A" }, ...common },
    { id: "ada-1", board: { ...board, name: "b" }, ...common },
  ]);
});

test("of two who change one board the later one is told with both, and a deleted one does not come back unknowingly", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id, version } = await saved(ada);
  const hers = { ...board, panels: board.panels.toReversed() };
  await saved(ada, { id, version, board: hers });
  expect(await saveBoard(grace, { id, version, board })).toMatchObject({
    outcome: "conflict",
    current: { board: { board: hers, savedBy: "ada", version: 2 } },
  });
  expect(await deleteBoard(grace, { id, version })).toMatchObject({
    outcome: "conflict",
    current: { version: 2 },
  });
  expect(await deleteBoard(grace, { id, version: 2 })).toEqual({ outcome: "deleted" });
  expect(await deleteBoard(ada, { id, version: 2 })).toEqual({ outcome: "deleted", wasGone: true });
  expect(await saveBoard(ada, { id, version: 2, board })).toMatchObject({
    outcome: "conflict",
    current: { deletedBy: "grace" },
  });
});

test("whoever comes in between after it was looked at wins, and the other is told", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id, version } = await saved(ada);
  const append = grace.boards.append.bind(grace.boards);
  grace.boards.append = async (message) => {
    await saved(ada, { id, version, board: { ...board, name: "Ada's" } });
    return append(message);
  };
  expect(await saveBoard(grace, { id, version, board: { ...board, name: "Grace's" } })).toMatchObject({
    outcome: "conflict",
    current: { board: { board: { name: "Ada's" } } },
  });
  expect((await listBoards(ada)).boards.map((one) => one.board.name)).toEqual(["Ada's"]);
});

test("a name is given once, and what is not there can't be changed", async () => {
  const ada = server("ada");
  await saved(ada);
  await expect(saveBoard(ada, { board: { ...board, name: "BOOKINGS" } })).rejects.toThrow(
    "There is a board of that name already",
  );
  await expect(saveBoard(ada, { id: "none", version: 1, board })).rejects.toThrow("no such board");
});

test("whatever is in the topic, the boards that can be read are there", async () => {
  const ada = server("ada");
  await saved(ada);
  await sendOddMessages(log.connect(), topics.boards, parseBoardMessage, 30);
  expect((await listBoards(server("grace"))).boards).toHaveLength(1);
});

test("what can't be a board is refused in words", () => {
  const issue = (patch: object) =>
    boardDefinition.safeParse({ ...board, ...patch }).error?.issues[0]?.message;
  const [first] = board.panels;
  expect(issue({})).toBeUndefined();
  expect(issue({ panels: [] })).toBeUndefined();
  expect(issue({ name: "  " })).toBe("give it a name");
  expect(issue({ period: "1y" })).toBeDefined();
  expect(issue({ panels: [first, first] })).toBe("two panels have one id");
  expect(issue({ panels: Array.from({ length: 25 }, (_, id) => ({ ...first, id: `p${id}` })) })).toBe(
    "at most 24 panels",
  );
  expect(issue({ panels: [{ ...first, width: 5 }] })).toBeDefined();
  expect(issue({ panels: [{ ...first, height: 0 }] })).toBeDefined();
  expect(issue({ panels: [{ ...first, kind: "clock" }] })).toBeDefined();
  expect(issue({ panels: [{ ...board.panels[2], by: "colour" }] })).toContain("label.name");
  const where = (clauses: readonly (readonly object[])[]) =>
    issue({ panels: [{ ...board.panels[2], where: clauses }] });
  const gold = { key: "tier", test: "is", value: "gold" };
  expect(where([[gold, { ...gold, not: true }], [{ key: "region", test: "exists" }]])).toBeUndefined();
  expect(issue({ panels: [{ ...first, where: [[gold]] }] })).toContain("can't be of some labels");
  const { compare: _, ...completed } = { compare: "week", ...first };
  expect(issue({ panels: [{ ...completed, where: [[gold]] }] })).toBeUndefined();
  expect(issue({ panels: [{ ...completed, figure: "stuck", where: [[gold]] }] })).toContain(
    "stuck or open now",
  );
  expect(where([])).toBe("say which labels, or leave it out");
  expect(where([[]])).toBeDefined();
  expect(where([[{ key: "amount", test: "above", value: "much" }]])).toContain("compare with a number");
  expect(where(Array.from({ length: 6 }, () => [gold]))).toBe("at most 5 conditions that all have to hold");
  expect(SaveBoard.safeParse({ board, id: "a" }).error?.issues[0]?.message).toContain("which version");
});

test("to whom a board is sent is told to those who keep boards", async () => {
  const ada = server("ada");
  const weekly = { channel: "team", to: ["ada@example.com"], weekday: 1, hour: 8, timeZone: "UTC" };
  const { id } = await saved(ada);
  await scheduleBoard(ada, { id, version: 1, weekly });
  expect((await listBoards(ada)).boards[0]?.board.weekly).toEqual(weekly);
  expect((await listBoards({ ...ada, role: "viewer" })).boards[0]?.board).toEqual(board);
});

test("who arranges a board leaves its schedule as it is, whatever their page knows of it; who changes the schedule, the panels", async () => {
  const ada = server("ada");
  const weekly = { channel: "team", to: ["ada@example.com"], weekday: 1, hour: 8, timeZone: "UTC" };
  const there = async (boardId: string) =>
    (await listBoards(ada)).boards.find(({ id }) => id === boardId)?.board;
  const { id } = await saved(ada);
  await scheduleBoard(ada, { id, version: 1, weekly });
  const arranged = { ...board, panels: board.panels.toReversed() };
  await saved(ada, { id, version: 2, board: arranged });
  expect(await there(id)).toEqual({ ...arranged, weekly });
  const other = { ...weekly, to: ["eve@example.com"] };
  const input = SaveBoard.parse({ id, version: 3, board: { ...arranged, weekly: other } });
  await saved(ada, input);
  expect(await there(id)).toEqual({ ...arranged, weekly });
  const copy = await saved(ada, SaveBoard.parse({ board: { ...board, name: "Copy", weekly } }));
  expect(await there(copy.id)).toEqual({ ...board, name: "Copy" });
  expect(await scheduleBoard(ada, { id, version: 2, weekly: other })).toMatchObject({ outcome: "conflict" });
  await scheduleBoard(ada, { id, version: 4 });
  expect(await there(id)).toEqual(arranged);
  await expect(scheduleBoard(ada, { id: "none", version: 1, weekly })).rejects.toThrow("no such board");
});
