import { shownStatus, zeroCounts } from "@downbeat/read-model/rules";
import type { ShownStatus } from "@downbeat/read-model/views";
import type { ColdCounts, ColdCountsQuery } from "../port/cold-counts.ts";
import { decisionsIn, takenBefore } from "./history-table.ts";
import { partsOf } from "./period.ts";
import { completeTo, type Found, type Question } from "./question.ts";
import { groupsOf, groupsStatement } from "./run-groups.ts";
import { nothing } from "./sql.ts";
import { wholeRuns } from "./whole-runs.ts";

/** Of each workflow; further ones count as running. */
const mostOpen = 1_000;

/** The ends are counted by the statement; open runs are looked at one by one, since only the whole of a run says whether it waits or is stuck. */
export async function countRuns(query: ColdCountsQuery, question: Question): Promise<Found<ColdCounts>> {
  const { from, to, asOf, log } = query;
  const parts = await partsOf({ from, to: asOf }, log.partitions, question);
  const then = asOf === undefined ? nothing : takenBefore(asOf);
  const decisions = decisionsIn(question.address, parts, log, then);
  const { rows } = await question.execute(
    groupsStatement(decisions, { filter: { from, to }, byWorkflow: true, first: mostOpen }),
  );
  const groups = groupsOf(rows);
  const open = groups.flatMap(({ ending, first }) => (ending === undefined ? first : []));
  const { folds } = await wholeRuns(open, parts, then, log, question);
  const workflows = new Map<string, Record<ShownStatus, number>>();
  let unexamined = 0;
  for (const { workflow, ending, count, first } of groups) {
    const counts = workflows.get(workflow) ?? zeroCounts();
    workflows.set(workflow, counts);
    if (ending !== undefined) {
      counts[ending] += count;
      continue;
    }
    for (const { runId } of first) {
      const fold = folds.get(runId);
      counts[fold === undefined ? "running" : shownStatus(fold)]++;
    }
    counts.running += count - first.length;
    unexamined += count - first.length;
  }
  const known = Array.from(workflows, ([workflow, counts]) => ({ workflow, counts }));
  return {
    value: { workflows: known.sort((a, b) => a.workflow.localeCompare(b.workflow)) },
    completeTo: completeTo(question, asOf),
    isComplete: unexamined === 0,
    ...(unexamined > 0 && {
      note: `${unexamined.toLocaleString("en")} open runs are counted as running without a look at whether they wait or are stuck.`,
    }),
  };
}
