import type { RunEvent } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { type CodeLine, CodeLog, type LinePlace } from "../src/logging/code-log.ts";
import type { LogLevel } from "../src/logging/logger.ts";
import { readLine } from "../src/logging/read-line.ts";
import { SaidLines } from "../src/logging/said-lines.ts";

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const scheduled: RunEvent = { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" };
const completed: RunEvent = { type: "JobCompleted", jobId: "j1", output: "1" };
const answered: RunEvent = { type: "CodeAnswered", upTo: 1, answerId: "a1" };
const stuck: RunEvent = { type: "RunStuck", failure: { kind: "code", name: "E", message: "m" } };
const action = { actionId: "a", actor: "mia", reason: "" };
const resumed: RunEvent = { type: "RunResumed", action };

const history = (...events: RunEvent[]) => events.map((event, index) => ({ seq: index + 1, at: 0, event }));

/** Writes a line at each of the events, as code does that is replayed by them. */
function linesAt(events: ReturnType<typeof history>, length = events.length): CodeLine[] {
  const lines: CodeLine[] = [];
  const log = new CodeLog("r", "w", (line) => lines.push(line));
  log.feeding(events, length);
  events.slice(0, length).forEach(({ seq }, index) => {
    log.at(seq, index);
    log.info(`at ${seq}`);
  });
  return lines;
}

const messages = (lines: readonly CodeLine[]) => lines.map(({ message }) => message);

describe("A line that workflow code writes", () => {
  test("carries its run, its level, its fields and where it stands", () => {
    const lines: CodeLine[] = [];
    const log = new CodeLog("r", "w", (line) => lines.push(line));
    log.feeding(history(started), 1);
    log.at(1, 0);
    log.debug("one");
    log.info({ cents: 5 }, "two");
    log.warn("three");
    log.error("four");
    log.say("warn", { own: true }, "of the library");
    expect(lines.map(({ level, message, fields, place }) => [level, message, fields, place])).toEqual([
      ["debug", "one", {}, [0, 1, 0]],
      ["info", "two", { cents: 5 }, [0, 1, 1]],
      ["warn", "three", {}, [0, 1, 2]],
      ["error", "four", {}, [0, 1, 3]],
      ["warn", "of the library", { own: true }, [0, 1, 4]],
    ]);
    expect(lines.every(({ runId, workflow }) => runId === "r" && workflow === "w")).toBe(true);
  });

  test("is not said again where history tells that the step was answered", () => {
    expect(messages(linesAt(history(started)))).toEqual(["at 1"]);
    expect(messages(linesAt(history(started, scheduled, completed)))).toEqual(["at 2", "at 3"]);
    expect(messages(linesAt(history(started, answered, completed)))).toEqual(["at 2", "at 3"]);
  });

  test("is said again where the answer was that the code is stuck: nothing of it was recorded", () => {
    expect(messages(linesAt(history(started, answered, stuck, resumed)))).toEqual([
      "at 1",
      "at 2",
      "at 3",
      "at 4",
    ]);
    expect(linesAt(history(started, answered, stuck, resumed))[0]?.place).toEqual([1, 1, 0]);
  });

  test("is told by the events that are there when it is fed, not by those that come later", () => {
    const events = history(started, scheduled, completed, resumed);
    expect(messages(linesAt(events, 1))).toEqual(["at 1"]);
    expect(linesAt(events, 1)[0]?.place).toEqual([0, 1, 0]);
  });

  test("keeps its place when the same events are fed once more, and counts anew when others are", () => {
    const lines: CodeLine[] = [];
    const log = new CodeLog("r", "w", (line) => lines.push(line));
    const events = history(started, resumed);
    log.feeding(events, 2);
    log.feeding(events, 2);
    log.at(2, 1);
    log.info("a");
    // What comes later is fed by itself.
    log.feeding([{ seq: 3, at: 0, event: resumed }], 1);
    log.at(3, 0);
    log.info("b");
    expect(lines.map(({ place }) => place)).toEqual([
      [1, 2, 0],
      [1, 3, 0],
    ]);
  });

  test("is one of two hundred in a step at most, and it is said that there were more", () => {
    const lines: CodeLine[] = [];
    const log = new CodeLog("r", "w", (line) => lines.push(line));
    log.feeding(history(started), 1);
    log.at(1, 0);
    for (let index = 0; index < 500; index++) log.info(`${index}`);
    expect(lines).toHaveLength(201);
    expect(lines[199]?.message).toBe("199");
    expect(lines[200]).toMatchObject({
      level: "warn",
      message: "The code writes more than 200 lines in one step; the others of this step are left out.",
    });
    log.at(2, 1);
    log.info("the next step's");
    expect(lines).toHaveLength(202);
  });

  test("never throws, whatever it is given, and whoever hears of it", () => {
    const failing = new CodeLog("r", "w", () => {
      throw new Error("no");
    });
    expect(() => failing.info("x")).not.toThrow();
  });
});

test("what is replayed is read all the same, so that a getter has the same effect at each replay", () => {
  let looks = 0;
  const log = new CodeLog("r", "w", () => {
    throw new Error("It was said.");
  });
  log.feeding(history(started, scheduled), 2);
  log.at(1, 0);
  const fields = {
    get cents() {
      looks += 1;
      return 5;
    },
  };
  log.info(fields, "x");
  expect(looks).toBe(1);
});

describe("Each line of a run", () => {
  const line = (runId: string, place: LinePlace, level: LogLevel = "info"): CodeLine => ({
    runId,
    workflow: "w",
    level,
    fields: { runId: "overwritten", cents: 5 },
    message: place.join("."),
    place,
  });

  function heard() {
    const said: unknown[][] = [];
    const to = (level: LogLevel) => (fields: object, message: string) =>
      void said.push([level, fields, message]);
    const lines = new SaidLines({
      debug: to("debug"),
      info: to("info"),
      warn: to("warn"),
      error: to("error"),
    });
    return { lines, said };
  }

  test("is said once, in the order of their places, with whose it is", () => {
    const { lines, said } = heard();
    const places: LinePlace[] = [
      [0, 1, 0],
      [0, 1, 0],
      [0, 1, 1],
      [0, 2, 0],
      [0, 1, 9],
      [0, 2, 0],
      [1, 0, 0],
      [0, 9, 9],
      [1, 0, 1],
    ];
    for (const place of places) lines.say(line("a", place));
    lines.say(line("b", [0, 1, 0], "error"));
    expect(said.map(([, , message]) => message)).toEqual([
      "0.1.0",
      "0.1.1",
      "0.2.0",
      "1.0.0",
      "1.0.1",
      "0.1.0",
    ]);
    expect(said.at(-1)).toEqual(["error", { runId: "b", workflow: "w", cents: 5 }, "0.1.0"]);
    expect(Object.keys(said[0]?.[1] ?? {})).toEqual(["runId", "workflow", "cents"]);
  });

  test("waits, where it is to, until the code has come to rest, and keeps its order", async () => {
    const { lines, said } = heard();
    lines.sayLater(line("a", [0, 1, 0]));
    lines.sayLater(line("a", [0, 1, 1]));
    expect(said).toEqual([]);
    await new Promise(setImmediate);
    expect(said.map(([, , message]) => message)).toEqual(["0.1.0", "0.1.1"]);
    lines.sayLater(line("a", [0, 1, 2]));
    await new Promise(setImmediate);
    expect(said).toHaveLength(3);
  });

  test("is known of fifty thousand runs, those that spoke lately", () => {
    const { lines, said } = heard();
    for (let index = 0; index < 50_000; index++) lines.say(line(`r${index}`, [0, 1, 0]));
    lines.say(line("r0", [0, 1, 1]));
    lines.say(line("another", [0, 1, 0]));
    said.length = 0;
    lines.say(line("r0", [0, 1, 1]));
    lines.say(line("r2", [0, 1, 0]));
    expect(said).toEqual([]);
    lines.say(line("r1", [0, 1, 0]));
    expect(said).toHaveLength(1);
  });
});

describe("What is given to a method of a log", () => {
  test("is a sentence, fields and a sentence, or an error", () => {
    expect(readLine("charged", undefined)).toEqual({ fields: {}, message: "charged" });
    expect(readLine("charged", { cents: 5 })).toEqual({ fields: { cents: 5 }, message: "charged" });
    expect(readLine({ cents: 5 }, "charged")).toEqual({ fields: { cents: 5 }, message: "charged" });
    expect(readLine({ cents: 5 }, undefined)).toEqual({ fields: { cents: 5 }, message: "" });
    const error = Object.assign(new TypeError("x is undefined"), { stack: "at trip" });
    const err = { type: "TypeError", message: "x is undefined", stack: "at trip" };
    expect(readLine(error, undefined)).toEqual({ fields: { err }, message: "x is undefined" });
    expect(readLine(error, "it failed")).toEqual({ fields: { err }, message: "it failed" });
    expect(readLine({ cause: error }, "it failed").fields).toEqual({ cause: err });
  });

  test("may be anything: what is no object is a value, what is empty is nothing", () => {
    expect(readLine(7, undefined)).toEqual({ fields: { value: "7" }, message: "" });
    expect(readLine("x", 7).fields).toEqual({ value: "7" });
    for (const none of [undefined, null, {}]) expect(readLine("x", none).fields).toEqual({});
    expect(readLine({ cents: 5 }, 7).message).toBe("7");
  });

  test("is bounded: the sentence, the fields together, and a stack", () => {
    expect(readLine("x".repeat(9_000), undefined).message.length).toBeLessThanOrEqual(2_000);
    expect(readLine({}, "x".repeat(9_000)).message.length).toBeLessThanOrEqual(2_000);
    const large = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, "x".repeat(900)]));
    const { fields } = readLine(large, "x");
    const { leftOut, ...kept } = fields;
    const count = Object.keys(kept).length;
    expect(count).toBeGreaterThan(4);
    expect(leftOut).toBe(`${20 - count} fields that are too large`);
    expect(JSON.stringify(kept).length).toBeLessThan(8_200);
    expect(readLine({ a: "x".repeat(100) }, "x").fields).not.toHaveProperty("leftOut");
    const error = Object.assign(new Error("m"), { stack: "x".repeat(9_000) });
    expect(JSON.stringify(readLine(error, undefined).fields).length).toBeLessThan(2_100);
  });
});
