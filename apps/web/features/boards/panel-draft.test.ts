import type { BoardPanel } from "@downbeat/api/views";
import { boardDefinition } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { exampleBoard, freeName } from "./example-board.ts";
import { choices, draftOf, emptyDraft, firstSize, panelOf } from "./panel-draft.ts";

const place = { id: "p1", width: 1, height: 1 };
const chosen = { ...emptyDraft, goalId: "g", queryId: "q", number: "label.amount" };

test("whatever the form offers is a panel that the server takes, and edited without a change it stays the same", () => {
  const panels: BoardPanel[] = [];
  for (const [shows] of choices.flatMap(({ options }) => options)) {
    const meant = panelOf(
      {
        ...chosen,
        shows,
        title: " Ours ",
        workflow: "bookTrip",
        period: "7d",
        compare: "week",
        by: "label.region",
      },
      { ...place, ...firstSize(shows), id: shows },
    );
    if ("problem" in meant) throw new Error(`${shows}: ${meant.problem}`);
    panels.push(meant.panel);
    expect(panelOf(draftOf(meant.panel), meant.panel)).toEqual(meant);
    expect(meant.panel.title).toBe("Ours");
  }
  expect(boardDefinition.safeParse({ name: "All", period: "90d", panels }).error).toBeUndefined();
});

test("what can't be meant is said", () => {
  const problem = (patch: object) => panelOf({ ...emptyDraft, ...patch }, place);
  expect(problem({ shows: "goal" })).toEqual({ problem: "Choose a goal." });
  expect(problem({ shows: "sql" })).toEqual({ problem: "Choose a saved query." });
  expect(problem({ shows: "breakDown:largest" })).toEqual({ problem: "Choose of which number." });
  for (const shows of ["", "figure:", "figure:toString", "series:__proto__", "clock"])
    expect(problem({ shows })).toEqual({ problem: "Choose what the panel shows." });
});

test("the example is a board that the server takes, with a name that is free", () => {
  expect(boardDefinition.parse(exampleBoard)).toEqual(exampleBoard);
  expect(freeName("How we are", [])).toBe("How we are");
  expect(freeName("How we are", ["how we ARE", "How we are 2"])).toBe("How we are 3");
});
