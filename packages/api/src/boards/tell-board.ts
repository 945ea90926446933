import { countWords, durationWords, plural, rateWords } from "@downbeat/domain";
import type { BoardDefinition, BoardPanel } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import {
  breakDownCaveats,
  goalCaveats,
  lookedAtFor,
  lookedAtTotals,
  numberWords,
  overviewCaveats,
  panelTitle,
  rangePresets,
  valueWords,
} from "../figure-words/index.ts";
import { byOf } from "../figure-words/panel-words.ts";
import { freshnessNow } from "../freshness.ts";
import { shownTo } from "../permissions/without-payloads.ts";
import { breakDown } from "../usecases/break-down.ts";
import { getGoalFigures } from "../usecases/get-goal-figures.ts";
import { getOverview } from "../usecases/get-overview.ts";
import { listGoals } from "../usecases/list-goals.ts";
import type { BreakDown, GoalView, Overview, ToldBoard, ToldPanel } from "../views.ts";
import { figureLine } from "./figure-line.ts";
import { momentIn } from "./moment-in.ts";
import { askedFor } from "./panel-question.ts";

type Words = Omit<ToldPanel, "title">;

/** What is open now is of no labels. */
const nothingOpen = { running: 0, waiting: 0, stuck: 0 };

/** In a letter a long table is read by nobody. */
const mostRows = 10;

/**
 * A board as words, asked for as the pages ask: what it tells, they show. A panel that may not be asked says why.
 *
 * @param context whose role decides what is told
 * @throws ApiError where one can't be asked now
 */
export async function tellBoard(
  context: Context,
  board: BoardDefinition,
  timeZone: string,
): Promise<ToldBoard> {
  // What is personal is known before anything is looked up.
  await context.masking.ready();
  // What is asked later is known up to then at least.
  const { completeTo, note } = freshnessNow(context);
  const moment = momentIn(timeZone);
  const notes = [
    ...(completeTo > 0 ? [`As of ${moment(completeTo)} (${timeZone}).`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  const { goals } = board.panels.some(({ kind }) => kind === "goal")
    ? asShown(context, await listGoals(context))
    : { goals: [] };
  const goalName = (id: string) => goals.find((goal) => goal.id === id)?.goal.name;
  const panels: ToldPanel[] = [];
  // One after the other: of what looks at every run, one is answered at a time.
  for (const panel of board.panels) {
    const title = panelTitle(panel, { goalName });
    try {
      panels.push({ title, ...(await tell(context, panel, board, goals, timeZone)) });
    } catch (error) {
      // What can't be asked now is no figure.
      if (!(error instanceof ApiError) || error.code === "unavailable") throw error;
      panels.push({ title, lines: [error.message] });
    }
  }
  return { name: board.name, period: rangePresets[board.period].label, notes, panels };
}

/** As the pages are answered. */
function asShown<T>({ role, masking }: Context, answer: T): T {
  return shownTo(role, masking.shown(answer));
}

async function tell(
  context: Context,
  panel: BoardPanel,
  board: BoardDefinition,
  goals: readonly GoalView[],
  timeZone: string,
): Promise<Words> {
  const moment = momentIn(timeZone);
  switch (panel.kind) {
    case "goal": {
      const goal = goals.find(({ id }) => id === panel.goalId);
      if (goal === undefined) return { lines: ["This goal was deleted."] };
      const { name: _, ...aim } = goal.goal;
      const figures = asShown(context, await getGoalFigures(context, { goal: aim }));
      return { lines: [goal.words, figures.sentence, ...goalCaveats(figures, moment)] };
    }
    case "sql":
      return { lines: ["Results of saved queries appear only on the board, for people who may run SQL."] };
    case "breakDown": {
      const { of, by, number, show } = panel;
      const asked = { by: byOf(by), number };
      const answer = await lookedAt(context, panel, board, timeZone, of, asked);
      return withLines(tellBreakDown(panel, answer, show), breakDownCaveats(answer, moment));
    }
    default: {
      // The Overview's figures are of no labels: the runs are looked at.
      if (panel.kind === "figure" && panel.where !== undefined) {
        const { figure } = panel;
        const answer = await lookedAt(context, panel, board, timeZone, lookedAtFor(figure));
        const totals = lookedAtTotals(answer.total);
        return withLines(
          { lines: [figureLine(figure, { totals, open: nothingOpen })] },
          breakDownCaveats(answer, moment),
        );
      }
      const { workflow } = panel;
      const { period } = askedFor(context, panel, board);
      const compare = panel.kind === "figure" ? panel.compare : undefined;
      const asked = { ...period.range, bucketMs: period.bucketMs, timeZone, workflow, compare };
      const overview = asShown(context, await getOverview(context, asked));
      return withLines(tellOverview(panel, overview), overviewCaveats(overview, moment));
    }
  }
}

type OfLabels = Extract<BoardPanel, { kind: "breakDown" | "figure" }>;

async function lookedAt(
  context: Context,
  panel: OfLabels,
  board: BoardDefinition,
  timeZone: string,
  of: "started" | "ended",
  asked: Pick<Parameters<typeof breakDown>[1], "by" | "number"> = {},
): Promise<BreakDown> {
  const { workflow, where } = panel;
  const { period } = askedFor(context, panel, board);
  const filter = {
    ...period.range,
    by: of,
    ...(workflow !== undefined && { workflow }),
    ...(where !== undefined && { where }),
  };
  const { bucketMs } = period;
  return asShown(context, await breakDown(context, { filter, top: 8, bucketMs, timeZone, ...asked }));
}

function withLines({ lines, ...words }: Words, more: readonly string[]): Words {
  return { ...words, lines: [...lines, ...more] };
}

type OfOverview = Extract<BoardPanel, { kind: "figure" | "series" | "table" }>;

const time = (ms: number | undefined) => (ms === undefined ? "–" : durationWords(ms));
const rate = (share: number | undefined) => (share === undefined ? "–" : rateWords(share));

function tellOverview(panel: OfOverview, overview: Overview): Words {
  const { totals, byWorkflow, byJobType, topErrors } = overview;
  if (panel.kind === "figure") return { lines: [figureLine(panel.figure, overview)] };
  if (panel.kind === "series") {
    const { started, completed, failed, cancelled, p50, p95, p99 } = totals;
    const line =
      panel.series === "ended"
        ? `${countWords(started)} started, ${countWords(completed)} completed, ${countWords(failed)} failed, ${countWords(cancelled)} cancelled.`
        : `Median ${time(p50)}, 95 % within ${time(p95)}, 99 % within ${time(p99)}.`;
    return { lines: [line] };
  }
  switch (panel.table) {
    case "workflows":
      return table(
        ["Workflow", "Started", "Completed", "Failed", "Success", "p95"],
        byWorkflow.map(({ workflow, started, completed, failed, successRate, p95 }) => [
          workflow,
          ...[started, completed, failed].map(countWords),
          rate(successRate),
          time(p95),
        ]),
        "No workflow ran in this time.",
      );
    case "jobs":
      return table(
        ["Job type", "Stuck now", "Waiting now", "Completed", "Failed tries", "p95"],
        byJobType.map(({ jobType, open, completed, failedAttempts, p95 }) => [
          jobType,
          ...[open.stuck, open.waiting, completed, failedAttempts].map(countWords),
          time(p95),
        ]),
        "No job was scheduled in this time, and none is open.",
      );
    case "errors":
      return table(
        ["Error", "Job type", "Count"],
        topErrors.map(({ name, jobType, count }) => [name, jobType, countWords(count)]),
        "No attempt failed in this time.",
      );
  }
}

type OfBreakDown = Extract<BoardPanel, { kind: "breakDown" }>;

function tellBreakDown({ by, number, of }: OfBreakDown, answer: BreakDown, show: OfBreakDown["show"]): Words {
  const { total, groups, others, slowest, dearest = [] } = answer;
  const sum = total.number === undefined ? "" : ` ${numberWords(number ?? "")}: ${total.number.sum} in all.`;
  const all = `${plural(total.runs, "run")} ${of}.${sum}`;
  const failed = ({ byStatus }: BreakDown["total"]) => countWords(byStatus.failed ?? 0);
  switch (show) {
    case "groups": {
      const rows = [
        ...(by === undefined && total.runs > 0 ? [["All", total] as const] : []),
        ...groups.map((group) => [valueWords(byOf(by), group.value), group] as const),
        ...(others === undefined ? [] : [[plural(others.values, "other"), others] as const]),
      ];
      const told = table(
        ["Runs of", "Runs", "Failed", "p95", ...(number === undefined ? [] : ["Sum"])],
        rows.map(([words, group]) => [
          words,
          countWords(group.runs),
          failed(group),
          time(group.p95),
          ...(number === undefined ? [] : [group.number?.sum ?? "–"]),
        ]),
        "No run in this time.",
      );
      return { ...told, lines: [all, ...told.lines] };
    }
    case "total":
    case "chart":
      return { lines: [all] };
    case "durations":
      return { lines: [`Median ${time(total.p50)}, 95 % within ${time(total.p95)}.`] };
    case "slowest":
    case "largest":
      return table(
        ["Run", "Workflow", show === "slowest" ? "Took" : "Number"],
        (show === "slowest" ? slowest : dearest).map((run) => [
          run.runId,
          run.workflow,
          show === "slowest" ? time(run.durationMs) : (run.number ?? "–"),
        ]),
        "No run of these is over, or has such a number.",
      );
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): Words {
  if (rows.length === 0) return { lines: [empty] };
  const more = rows.length - mostRows;
  return {
    lines: more > 0 ? [`The first ${mostRows} of ${rows.length}.`] : [],
    table: { head, rows: rows.slice(0, mostRows) },
  };
}
