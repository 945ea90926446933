import { describe, expect, test } from "vitest";
import { parseAlertMessage } from "./alert-message.ts";
import { parseApprovalMessage } from "./approval-message.ts";
import { boardDefinition, parseBoardMessage } from "./board-message.ts";
import { parseGoalMessage } from "./goal-message.ts";
import { parseQuarantineMarkMessage } from "./quarantine-mark-message.ts";
import { parseSavedViewMessage } from "./saved-view-message.ts";

const letters = (count: number) => "x".repeat(count);
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const shared = { by: "mia", at: 5, replaces: 0, changeId: "c1" };

type Parse = (bytes: Uint8Array) => unknown;

/** Whether it is read, with what stands at that place instead. */
function isRead(parse: Parse, message: object, place: string, value: unknown): boolean {
  const changed: Record<string, unknown> = structuredClone({ ...message });
  const steps = place.split(".");
  const last = steps.pop() ?? "";
  let at = changed;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  at[last] = value;
  return parse(Buffer.from(JSON.stringify(changed))) !== undefined;
}

/** At each of these places, so long a text is taken at most, and no empty one. */
function texts(parse: Parse, message: object, most: Readonly<Record<string, number>>): void {
  for (const [place, length] of Object.entries(most)) {
    for (const fine of ["x", letters(length)])
      expect(isRead(parse, message, place, fine), `${place}: ${fine.length}`).toBe(true);
    for (const odd of ["", letters(length + 1), 7])
      expect(isRead(parse, message, place, odd), `${place}: ${odd.toString().length}`).toBe(false);
  }
}

/** At each of these places, those are taken, and these are not. */
function values(
  parse: Parse,
  message: object,
  all: Readonly<Record<string, readonly [taken: readonly unknown[], refused: readonly unknown[]]>>,
): void {
  for (const [place, [taken, refused]] of Object.entries(all)) {
    const named = (value: unknown) => `${place}: ${JSON.stringify(value)?.slice(0, 60)}`;
    for (const value of taken) expect(isRead(parse, message, place, value), named(value)).toBe(true);
    for (const value of refused) expect(isRead(parse, message, place, value), named(value)).toBe(false);
  }
}

describe("What people share has names and numbers of a size, and is nobody's beyond it:", () => {
  test("rules of alerts, and what comes of them", () => {
    const condition = { kind: "stuck", filter: {}, longerThanMs: 1_000, atLeast: 1 };
    const rule = { name: "Stuck", condition, channels: ["mail"] };
    const saved = { type: "ruleSaved", ruleId: "r1", ...shared, rule };
    texts(parseAlertMessage, saved, { ruleId: 100, by: 200, changeId: 100, "rule.name": 100 });
    values(parseAlertMessage, saved, {
      "rule.name": [["  Stuck "], ["  "]],
      "rule.condition.atLeast": [
        [1, 1_000_000],
        [0, 1.5, 1_000_001],
      ],
      "rule.condition.longerThanMs": [
        [1_000, 366 * 86_400_000],
        [999, 1_000.5, 366 * 86_400_000 + 1],
      ],
      "rule.channels": [
        [[], times(10, "a")],
        [times(11, "a"), ["-a"], [letters(51)], ["a b"], ["a\n"]],
      ],
      "rule.channels.0": [["A_b-9", letters(50)], [""]],
      replaces: [
        [0, 7],
        [-1, 1.5],
      ],
    });
    const rate = {
      ...saved,
      rule: {
        ...rule,
        condition: { kind: "failureRate", filter: {}, above: 0.5, withinMs: 60_000, atLeast: 1 },
      },
    };
    values(parseAlertMessage, rate, {
      "rule.condition.above": [
        [0, 0.999],
        [-0.1, 1],
      ],
      "rule.condition.withinMs": [
        [60_000, 30 * 86_400_000],
        [59_999, 30 * 86_400_000 + 1],
      ],
    });
    for (const kind of ["noCompletion", "backlog", "noWorker", "notDeciding", "quarantine", "approvalWaits"])
      values(parseAlertMessage, saved, {
        "rule.condition": [[{ ...condition, kind, withinMs: 60_000 }], [{ ...condition, kind: `${kind}s` }]],
      });
    const opened = { type: "incidentOpened", ruleId: "r1", number: 1, at: 5, sentence: "" };
    values(parseAlertMessage, opened, {
      number: [[1], [0, 1.5]],
      sentence: [["", letters(1_000)], [letters(1_001)]],
      type: [["incidentResolved"], ["incidentEnded"]],
    });
    const notified = { ...opened, type: "notified", of: "opened", channel: "mail", outcome: "failed" };
    values(parseAlertMessage, notified, {
      of: [["resolved"], [""]],
      outcome: [["delivered"], [""]],
      problem: [[letters(1_000)], [letters(1_001)]],
    });
  });

  test("goals", () => {
    const goal = { type: "saved", id: "g1", ...shared, goal: { name: "All", percent: 99, days: 28 } };
    texts(parseGoalMessage, goal, { id: 100, "goal.name": 100 });
    texts(parseGoalMessage, { type: "deleted", id: "g1", ...shared }, { id: 100 });
    values(parseGoalMessage, goal, {
      "goal.percent": [
        [1, 50.001, 99.999],
        [0.999, 50.0001, 100],
      ],
      "goal.days": [
        [1, 90],
        [0, 1.5, 91],
      ],
      "goal.withinMs": [
        [1, 366 * 86_400_000],
        [0, 366 * 86_400_000 + 1],
      ],
      "goal.labels": [
        [{ a: "", b: "", c: "", d: "", e: "" }],
        [{ a: "", b: "", c: "", d: "", e: "", f: "" }],
      ],
      "goal.countsCancelled": [[true], [false]],
      "goal.name": [[" All "], ["  "]],
    });
  });

  test("views of lists", () => {
    const view = {
      type: "saved",
      id: "v1",
      ...shared,
      name: "Mine",
      list: "runs",
      query: "",
      columns: [{ id: "city", width: 20 }],
      owner: "mia",
    };
    texts(parseSavedViewMessage, view, { id: 100, name: 100, owner: 200, "columns.0.id": 60 });
    texts(parseSavedViewMessage, { type: "deleted", id: "v1", ...shared }, { id: 100 });
    values(parseSavedViewMessage, view, {
      query: [["", letters(4_000)], [letters(4_001)]],
      list: [["runs", "timers", "owed"], [""]],
      "columns.0.width": [
        [20, 4_000],
        [19, 20.5, 4_001],
      ],
      columns: [[times(60, { id: "a" })], [[], times(61, { id: "a" })]],
    });
  });

  test("what was done about what is in quarantine", () => {
    const did = { what: "sentAgain", command: "c", runId: "r1", actionId: "a1", edited: true, digest: "d" };
    const mark = { type: "marked", entry: "e1", did, reason: "no", ...shared };
    texts(parseQuarantineMarkMessage, mark, {
      entry: 100,
      reason: 1_000,
      "did.command": 100,
      "did.runId": 200,
      "did.actionId": 100,
      "did.digest": 100,
    });
  });

  test("boards, and to whom they are sent", () => {
    const at = { id: "p", width: 1, height: 1 };
    const panels = [
      { ...at, kind: "goal", goalId: "g" },
      { ...at, id: "q", kind: "sql", queryId: "q", view: "table" },
      { ...at, id: "r", kind: "breakDown", of: "started", show: "total" },
      { ...at, id: "s", kind: "figure", figure: "started" },
      { ...at, id: "t", kind: "series", series: "ended" },
      { ...at, id: "u", kind: "table", table: "workflows" },
    ];
    const weekly = { channel: "mail", to: ["a@example.com"], weekday: 1, hour: 7, timeZone: "UTC" };
    const board = { name: "Hiring", period: "7d", panels, weekly };
    const saved = { type: "saved", id: "b", ...shared, board };
    texts(parseBoardMessage, saved, {
      id: 100,
      "board.panels.0.goalId": 100,
      "board.panels.1.queryId": 100,
      "board.weekly.timeZone": 60,
    });
    texts(parseBoardMessage, { type: "deleted", id: "b", ...shared }, { id: 100 });
    const long = `a@${letters(60)}.${letters(60)}.${letters(60)}.${letters(60)}.${letters(60)}.example`;
    values(parseBoardMessage, saved, {
      "board.panels.0.width": [
        [1, 4],
        [0, 1.5, 5],
      ],
      "board.panels.1.view": [["table", "chart"], [""]],
      "board.panels.2.of": [["started", "ended"], [""]],
      "board.panels.2.where": [[[[{ key: "tier", test: "is", value: "gold" }]]], [[], [[]]]],
      "board.panels.3.compare": [["before", "week"], [""]],
      "board.panels.4.series": [["ended", "durations"], [""]],
      "board.panels.5.table": [["workflows", "jobs", "errors"], [""]],
      "board.weekly.weekday": [
        [1, 7],
        [0, 1.5, 8],
      ],
      "board.weekly.to": [
        [times(20, "a@example.com")],
        [times(21, "a@example.com"), [], [`${long}.${letters(60)}`]],
      ],
    });
    expect(boardDefinition.safeParse({ ...board, name: "  " }).success).toBe(false);
  });

  test("requests that need a second person, and what is said of them", () => {
    const by = { id: "local|ada", actor: "Ada" };
    const approved = { type: "approved", id: "ask-1", by, at: 6, reason: "", digest: "d" };
    const parse: Parse = (bytes) => parseApprovalMessage(bytes);
    const word = (of: object) => ({ word: of });
    texts(parse, word(approved), { "word.id": 100, "word.by.id": 200, "word.by.actor": 200 });
    values(
      parse,
      { ...word(approved), seal: "s" },
      {
        "word.digest": [["", letters(100)], [letters(101)]],
        "word.reason": [["", letters(1_000)], [letters(1_001)]],
        seal: [["", letters(200)], [letters(201)]],
      },
    );
    values(parse, word({ type: "executed", id: "ask-1", at: 7, outcome: { is: "refused" } }), {
      "word.outcome.why": [["", letters(2_000)], [letters(2_001)]],
      "word.outcome.is": [["done", "refused"], [""]],
    });
    const action = { actionId: "a1", actor: "Ada", reason: "" };
    const command = { type: "TerminateRun", commandId: "a1", runId: "trip-1", action };
    const targets = { count: 2, parts: 1, sha: "s" };
    values(parse, word({ type: "requested", id: "ask-1", by, at: 5, expiresAt: 9, command, targets }), {
      "word.targets.sha": [["", letters(100)], [letters(101)]],
      "word.targets.parts": [
        [1, 1_000],
        [0, 1.5, 1_001],
      ],
      "word.targets.count": [
        [1, 400_000],
        [0, 1.5, 400_001],
      ],
    });
    values(
      parse,
      { type: "targets", id: "ask-1", part: 0, targets: [["trip-1", "j1"]] },
      {
        part: [
          [0, 999],
          [-1, 0.5, 1_000],
        ],
        sha: [["", letters(100)], [letters(101)]],
        "targets.0.0": [
          ["x", letters(200)],
          ["", letters(201)],
        ],
      },
    );
  });
});
