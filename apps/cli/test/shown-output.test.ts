import { expect, test } from "vitest";
import { shownOutput } from "../src/dev/shown-output.ts";

const line = (fields: object) =>
  `${JSON.stringify({ level: 30, time: "2026-01-05T09:00:00.123Z", ...fields })}\n`;

function shown(isTerminal: boolean, ...pieces: readonly string[]): string[] {
  const said: string[] = [];
  const take = shownOutput((each) => said.push(each), isTerminal);
  for (const piece of pieces) take(piece);
  return said.map((each) => each.replaceAll(/\x1b\[\d+m/g, ""));
}

test("lines of the logger are for people on a terminal, and what code prints is as it is", () => {
  const said = shown(true, line({ runId: "r", msg: "charged" }), "printed by", " a handler\n");
  expect(said).toEqual([
    expect.stringMatching(/^\[.*\d\d:\d\d:\d\d\.\d+\] INFO: charged \{"runId":"r"\}$/),
    "printed by a handler",
  ]);
});

test("elsewhere they stay JSON", () => {
  const [said = ""] = shown(false, line({ runId: "r", msg: "charged" }));
  expect(JSON.parse(said)).toMatchObject({ runId: "r", msg: "charged" });
});

test("why a worker can't begin is told once: by what keeps it", () => {
  expect(shown(true, line({ level: 50, err: { stack: "x" }, msg: "The worker can't begin." }))).toEqual([]);
});

test("a stuck run is told once: by its history, with the address of its page", () => {
  expect(shown(true, line({ level: 50, runId: "r", msg: "w r is stuck. TypeError: a bug" }))).toEqual([]);
});
