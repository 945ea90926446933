import { expect, test } from "vitest";
import { noteDefinition } from "../../definitions/definitions.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import { loadCode } from "../threads/load-code.ts";

const source = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;

function defined(name: string, file: string, line: number): AnyWorkflow {
  const one: AnyWorkflow = { name, execute: async () => {} };
  noteDefinition(one, { file, line, files: [file] });
  return one;
}

const wanted = (name: string, line: number, ...files: readonly string[]) => ({ name, line, files });

test("of several workflows of one name the one is taken that is defined where the wanted one is", async () => {
  const file = source("0;");
  const all = [defined("trip", file, 3), defined("trip", file, 9), defined("trip", source("1;"), 9)];
  const load = (line: number) => loadCode({ type: "definitions", wanted: [wanted("trip", line, file)] }, all);
  expect((await load(9)).workflows.get("trip")).toBe(all[1]);
  expect((await load(3)).workflows.get("trip")).toBe(all[0]);
  expect((await load(4)).missing).toEqual([
    { name: "trip", reason: expect.stringMatching(/^it is not defined when data:.* is imported$/) },
  ]);
});

test("a single one of its name is taken wherever it is defined, and its files needn't be imported", async () => {
  const one = defined("trip", "file:///elsewhere.ts", 1);
  const { workflows, missing } = await loadCode(
    { type: "definitions", wanted: [wanted("trip", 7, source('throw new Error("not today");'))] },
    [one],
  );
  expect([workflows.get("trip"), missing]).toEqual([one, []]);
});

test("what isn't defined in any of the files is missing, with the trouble that the first of them had", async () => {
  const broken = source('throw new Error("not today\\nnor tomorrow");');
  const code = {
    type: "definitions" as const,
    wanted: [wanted("trip", 1, broken, source("2;")), wanted("stay", 1), wanted("tour", 1, broken)],
  };
  const { workflows, missing } = await loadCode(code, []);
  expect(workflows.size).toBe(0);
  expect(missing).toEqual([
    { name: "trip", reason: expect.stringMatching(/^data:.* could not be imported: not today$/) },
    { name: "stay", reason: "nothing says which file it is defined in" },
    { name: "tour", reason: expect.stringMatching(/could not be imported: not today$/) },
  ]);
});

test("a later file may define it, and a module that goes on loading afterwards is waited for no longer", async () => {
  const global = globalThis as { defineTrip?: () => void };
  const all: AnyWorkflow[] = [];
  global.defineTrip = () => all.push(defined("trip", "file:///trip.ts", 1));
  try {
    const endless = source("globalThis.defineTrip(); await new Promise(() => {});");
    const code = { type: "definitions" as const, wanted: [wanted("trip", 1, source("3;"), endless)] };
    expect((await loadCode(code, all)).workflows.get("trip")).toBe(all[0]);
  } finally {
    delete global.defineTrip;
  }
});

test("a module that exports nothing, or none that is a workflow, is refused with what it exports", async () => {
  const load = (text: string) => loadCode({ type: "module", url: source(text) }, []);
  await expect(load("4;")).rejects.toThrow("exports no workflow. It exports nothing. A workflow is what");
  await expect(load("export const a = 1, b = [2];")).rejects.toThrow("exports no workflow. It exports a, b.");
  await expect(load('throw new Error("not today\\nnor tomorrow");')).rejects.toThrow(
    /could not be imported: not today$/,
  );
});
