import type { RunPlace } from "@downbeat/read-model";
import { lastSeq } from "@downbeat/read-model/rules";
import type { ColdRun, ColdRunQuery } from "../port/cold-run.ts";
import { decisionsIn, type LogPart } from "./history-table.ts";
import { type Found, type Question, visibleAfterMs } from "./question.ts";
import { sql } from "./sql.ts";
import { disputed, isOver, stepColumns, stepsByRun, unbroken } from "./step-rows.ts";

/**
 * How far around its times a run is looked for, ms. Publish times are a sender's clock's, and the connector leaves out the last record before an upper
 * bound: what was found says by its numbers whether it is whole, so the first look may be a narrow one.
 */
const margins: readonly number[] = [1_000, 600_000, Number.POSITIVE_INFINITY];

/** One query as a rule; a wider one when the run is not whole. */
export async function runSteps({ place, log }: ColdRunQuery, question: Question): Promise<Found<ColdRun>> {
  const visible = question.now - visibleAfterMs;
  let steps: ColdRun["steps"] = [];
  for (const part of partsOf(place)) {
    const decisions = decisionsIn(question.address, [part], log, sql`d.runid = ${place.runId}`);
    const { rows } = await question.execute(stepColumns(decisions));
    const found = stepsByRun(rows).get(place.runId) ?? [];
    steps = unbroken(found);
    const dispute = log.ignored === undefined ? disputed(found) : undefined;
    if (dispute !== undefined) {
      steps = steps.filter(({ seq, events }) => seq + events.length <= dispute);
      if (dispute <= (place.seq ?? dispute)) {
        const note = `Two records say what event ${dispute} of this run is, and which of them counts is not known yet: try again when older history has been looked through.`;
        return {
          value: { steps },
          completeTo: Math.min(visible, place.to ?? visible),
          isComplete: false,
          note,
        };
      }
    }
    if (isWhole(steps, place)) break;
  }
  const missing = place.seq === undefined ? 0 : place.seq - lastSeq(steps);
  if (missing <= 0) return { value: { steps }, completeTo: visible, isComplete: true };
  return {
    value: { steps },
    completeTo: Math.min(visible, place.to ?? visible),
    isComplete: false,
    note:
      steps.length === 0
        ? "Pulsar SQL does not hold this run: the log may keep its history for a shorter time."
        : `Of ${place.seq} events, Pulsar SQL holds ${lastSeq(steps)} so far.`,
  };
}

function partsOf({ partition, from, to }: RunPlace): LogPart[] {
  const partitions = [partition];
  if (from === undefined && to === undefined) return [{ partitions }];
  return margins.map((margin) =>
    Number.isFinite(margin)
      ? {
          partitions,
          from: from === undefined ? undefined : from - margin,
          to: to === undefined ? undefined : to + margin,
        }
      : { partitions },
  );
}

function isWhole(steps: ColdRun["steps"], { seq, to }: RunPlace): boolean {
  if (seq !== undefined) return lastSeq(steps) >= seq;
  // With no upper bound everything there is was read.
  return steps.length > 0 && (to === undefined || isOver(steps));
}
