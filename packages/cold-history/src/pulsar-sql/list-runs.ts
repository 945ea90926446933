import { fitsLabels } from "@downbeat/domain";
import { shownStatuses } from "@downbeat/read-model";
import type { Step } from "@downbeat/read-model/rules";
import {
  clausesOf,
  folded,
  holdsContent,
  isFoundWithoutLabels,
  summaryOfFold,
  termsOf,
  zeroCounts,
} from "@downbeat/read-model/rules";
import type { RunFilter, RunSummary } from "@downbeat/read-model/views";
import type { ColdListQuery, ColdRunList } from "../port/cold-list.ts";
import { decisionsIn, takenBefore } from "./history-table.ts";
import { partsOf } from "./period.ts";
import { completeTo, type Found, type Question } from "./question.ts";
import { groupsOf, groupsStatement, needsLabels } from "./run-groups.ts";
import { nothing } from "./sql.ts";
import { wholeRuns } from "./whole-runs.ts";

/** How many runs of a group are looked at one by one when the statement can't decide about them: open ones, and those that have a text. */
const mostExamined = 1_000;

/** Two looks: which runs there are, counted; then the whole of those that are shown. */
export async function listRuns(query: ColdListQuery, question: Question): Promise<Found<ColdRunList>> {
  const { asOf, log, limit, hides = () => false } = query;
  const filter = trimmed(query.filter);
  const isByEnd = filter.by === "ended";
  const to = isByEnd ? least(filter.to, asOf) : asOf;
  const parts = await partsOf({ from: filter.from, to }, log.partitions, question);
  const then = asOf === undefined ? nothing : takenBefore(asOf);
  const examines = needsLabels(filter) || filter.content !== undefined;
  const { labels: _, where: __, text: ___, content: ____, ...unsearched } = filter;
  const { rows } = await question.execute(
    groupsStatement(decisionsIn(question.address, parts, log, then), {
      // Only the start of a run says its labels, and it may lie before the period in which it ended, as what it said.
      filter: isByEnd && examines ? unsearched : filter,
      before: examines ? undefined : query.before,
      byWorkflow: false,
      first: Math.max(limit + 1, mostExamined),
    }),
  );
  const groups = groupsOf(rows);
  const statuses = filter.status ?? shownStatuses;
  const wanted = groups.flatMap(({ ending, first }) => {
    if (ending === undefined || examines) return first;
    return statuses.includes(ending) ? first.slice(0, limit + 1) : [];
  });
  const { folds, steps, broken } = await wholeRuns(wanted, parts, then, log, question);
  const found = [...folds.values()]
    .map((fold) => summaryOfFold(fold, question.now))
    .filter((run) => matches(run, steps.get(run.runId) ?? [], filter, hides));

  const countsByStatus = zeroCounts();
  for (const { shown } of found) countsByStatus[shown]++;
  let countIsLowerBound = false;
  for (const { ending, count, first } of groups) {
    if (ending !== undefined && !examines) countsByStatus[ending] = count;
    else if (count > first.length) countIsLowerBound = true;
  }
  const order = newerFirst(isByEnd);
  const shown = found.filter((run) => statuses.includes(run.shown) && isAfter(run, query.before, isByEnd));
  shown.sort(order);
  return {
    value: {
      runs: shown.slice(0, limit),
      hasMore: shown.length > limit,
      count: statuses.reduce((sum, status) => sum + countsByStatus[status], 0),
      countIsLowerBound,
      countsByStatus,
    },
    completeTo: completeTo(question, asOf, isByEnd ? filter.to : undefined),
    isComplete: broken === 0 && !countIsLowerBound,
    ...noteOf(broken, countIsLowerBound),
  };
}

function noteOf(broken: number, isLowerBound: boolean): { readonly note?: string } {
  const notes = [
    ...(broken === 0 ? [] : [`${broken} runs are left out: the log does not hold their beginning any more.`]),
    ...(isLowerBound
      ? [
          `Only the newest ${mostExamined.toLocaleString("en")} were looked at of those that are open or have the text: ask for a shorter period.`,
        ]
      : []),
  ];
  return notes.length === 0 ? {} : { note: notes.join(" ") };
}

function trimmed({ text, ...filter }: RunFilter): RunFilter {
  const wanted = text?.trim() ?? "";
  return wanted === "" ? filter : { ...filter, text: wanted };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** As the live list finds them. */
function matches(
  run: RunSummary,
  steps: readonly Step[],
  filter: RunFilter,
  hides: (workflow: string) => boolean,
): boolean {
  if (!fitsLabels(run.labels, clausesOf(filter))) return false;
  const { text, content } = filter;
  // What is masked in it nobody knows here.
  if (content !== undefined && (hides(run.workflow) || !holdsContent(steps, content))) return false;
  if (text === undefined) return true;
  if (hides(run.workflow)) return isFoundWithoutLabels(run, text);
  const beginning = folded(text);
  return [folded(run.workflow), ...termsOf(run.runId, run.labels)].some((term) => term.startsWith(beginning));
}

function timeOf(run: RunSummary, isByEnd: boolean): number {
  return isByEnd ? (run.endedAt ?? 0) : run.startedAt;
}

function newerFirst(isByEnd: boolean): (a: RunSummary, b: RunSummary) => number {
  return (a, b) => timeOf(b, isByEnd) - timeOf(a, isByEnd) || (a.runId < b.runId ? 1 : -1);
}

function isAfter(run: RunSummary, before: ColdListQuery["before"], isByEnd: boolean): boolean {
  if (before === undefined) return true;
  const at = timeOf(run, isByEnd);
  return at < before.at || (at === before.at && run.runId < before.runId);
}
