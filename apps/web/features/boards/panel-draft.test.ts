import type { BoardPanel } from "@downbeat/api/views";
import { type LabelClause, labelTests } from "@downbeat/domain";
import { boardDefinition } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRunsParams, serializeRunsParams } from "../../app/[tenant]/[namespace]/runs/search-params.ts";
import { exampleBoard, freeName } from "./example-board.ts";
import { choices, draftOf, emptyDraft, firstSize, panelOf, takesLabels } from "./panel-draft.ts";
import { figuresParamsOf, lookedAtParamsOf } from "./panel-question.ts";

const place = { id: "p1", width: 1, height: 1 };
const chosen = { ...emptyDraft, goalId: "g", queryId: "q", number: "label.amount" };

test("whatever the form offers is a panel that the server takes, and edited without a change it stays the same", () => {
  const panels: BoardPanel[] = [];
  const labels = "country=JP OR tier!=gold AND amount>=100";
  for (const ofWhich of [{ compare: "week" }, { labels }] as const)
    for (const [shows] of choices.flatMap(({ options }) => options)) {
      const meant = panelOf(
        {
          ...chosen,
          shows,
          title: " Ours ",
          workflow: "bookTrip",
          period: "7d",
          by: "label.region",
          ...ofWhich,
        },
        { ...place, ...firstSize(shows), id: shows },
      );
      if ("problem" in meant) throw new Error(`${shows}: ${meant.problem}`);
      panels.push(meant.panel);
      expect(panelOf(draftOf(meant.panel), meant.panel)).toEqual(meant);
      expect(meant.panel.title).toBe("Ours");
      expect("where" in meant.panel).toBe("labels" in ofWhich && takesLabels(shows));
    }
  const half = panels.length / 2;
  for (const some of [panels.slice(0, half), panels.slice(half)])
    expect(boardDefinition.safeParse({ name: "All", period: "90d", panels: some }).error).toBeUndefined();
});

test("what can't be meant is said", () => {
  const problem = (patch: object) => panelOf({ ...emptyDraft, ...patch }, place);
  expect(problem({ shows: "goal" })).toEqual({ problem: "Choose a goal." });
  expect(problem({ shows: "sql" })).toEqual({ problem: "Choose a saved query." });
  expect(problem({ shows: "breakDown:largest" })).toEqual({ problem: "Choose a number." });
  expect(problem({ shows: "breakDown:chart", labels: "gold" })).toMatchObject({
    problem: expect.stringContaining("asks for no label"),
  });
  expect(
    problem({ shows: "breakDown:chart", labels: "a=1 AND b=1 AND c=1 AND d=1 AND e=1 AND f=1" }),
  ).toEqual({
    problem: "At most 5 conditions on labels; OR joins several to one.",
  });
  expect(problem({ compare: "week", labels: "a=1" })).toMatchObject({
    problem: expect.stringContaining("can't be compared"),
  });
  for (const shows of ["", "figure:", "figure:toString", "series:__proto__", "clock"])
    expect(problem({ shows })).toEqual({ problem: "Choose what the panel shows." });
});

test("the example is a board that the server takes, with a name that is free", () => {
  expect(boardDefinition.parse(exampleBoard)).toEqual(exampleBoard);
  expect(freeName("How we are", [])).toBe("How we are");
  expect(freeName("How we are", ["how we ARE", "How we are 2"])).toBe("How we are 3");
});

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const condition = fc
  .record({ key: text, test: fc.constantFrom(...labelTests), value: text, isNot: fc.boolean() })
  .filter(({ key }) => key.trim() === key && key !== "__proto__")
  .map(({ key, test, value, isNot }) => ({
    key,
    test,
    ...(test !== "exists" && { value: test === "is" ? value : "100" }),
    ...(isNot && { not: true }),
  }));
const clauses: fc.Arbitrary<readonly LabelClause[]> = fc.uniqueArray(
  fc.array(condition, { minLength: 1, maxLength: 4 }),
  { minLength: 1, maxLength: 5, selector: (clause) => JSON.stringify(clause) },
);

test("whatever labels a panel is of, the form keeps them, and what its figures open are runs of the same", () => {
  const panel = { kind: "breakDown", ...place, of: "ended", show: "total" } as const;
  fc.assert(
    fc.property(clauses, (where) => {
      const own: BoardPanel = { ...panel, where: where.map((clause) => [...clause]) };
      expect(boardDefinition.safeParse({ name: "a", period: "24h", panels: [own] }).success).toBe(true);
      expect(panelOf(draftOf(own), own)).toEqual({ panel: own });
      const figure = { kind: "figure", ...place, figure: "failed", where: own.where ?? [] } as const;
      expect(panelOf(draftOf(figure), figure)).toEqual({ panel: figure });
      expect(lookedAtParamsOf(figure, { type: "all" })).toMatchObject({ of: "ended", labels: where });
      const { labels } = figuresParamsOf(own, { type: "all" });
      const problems: string[] = [];
      const opened = parseRunsParams(serializeRunsParams({ labels: labels ?? [] }), (problem) =>
        problems.push(problem),
      );
      expect([opened.labels, problems]).toEqual([where, []]);
    }),
  );
});

test("a board of before has no labels, and stays as it is", () => {
  const panel = { kind: "breakDown", ...place, of: "ended", by: "workflow", show: "groups" } as const;
  const board = { name: "Older", period: "24h", panels: [panel] } as const;
  expect(boardDefinition.parse(board)).toEqual(board);
  expect(panelOf(draftOf(panel), panel)).toEqual({ panel });
});
