import { lastSeq } from "@downbeat/read-model/rules";
import { type ColdHeads, type ColdHeadsQuery, mostHeads } from "../port/cold-heads.ts";
import { takenBefore } from "./history-table.ts";
import { partsOf } from "./period.ts";
import { completeTo, type Found, type Question } from "./question.ts";
import { disputed, unbroken } from "./step-rows.ts";
import { wholeSteps } from "./whole-runs.ts";

/** @throws RangeError when there are more places than {@link mostHeads} */
export async function heads(
  { places, asOf, log }: ColdHeadsQuery,
  question: Question,
): Promise<Found<ColdHeads>> {
  if (places.length > mostHeads) throw new RangeError(`${places.length} runs are more than ${mostHeads}.`);
  const period = {
    from: Math.min(...places.map(({ from }) => from)),
    to: Math.max(...places.map(({ to }) => to)),
  };
  const parts = places.length === 0 ? [] : await partsOf(period, log.partitions, question);
  const whole = await wholeSteps(places, parts, takenBefore(asOf), log, question);
  const found = places.flatMap(({ runId, partition, seq }) => {
    const told = (whole.get(runId) ?? []).filter((step) => step.seq <= seq);
    const isDisputed = log.ignored === undefined && disputed(told) !== undefined;
    const steps = unbroken(told);
    return lastSeq(steps) === seq && !isDisputed ? [{ runId, partition, steps }] : [];
  });
  const missing = places.length - found.length;
  return {
    value: { heads: found },
    completeTo: completeTo(question, asOf),
    isComplete: missing === 0,
    ...(missing > 0 && {
      note: `Left out: ${missing} of ${places.length} runs, of which Pulsar SQL does not hold all events or it is not known yet which of two records counts.`,
    }),
  };
}
