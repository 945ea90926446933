import {
  approvalStatus,
  countWords,
  durationWords,
  plural,
  rateWords,
  troubleOf,
  troubleSentence,
} from "@downbeat/domain";
import type { AlertCondition } from "@downbeat/protocol";
import type { ProjectionFeed, ReadModel } from "@downbeat/read-model";
import type { Approvals } from "../approvals/approvals.ts";
import type { CauseMarks } from "../causes/cause-marks.ts";
import type { WaitWatch } from "../waits/wait-watch.ts";
import { ofWhich } from "./words.ts";

/** Whether what a rule is about holds now. */
export type Measurement =
  | { readonly is: "wrong" | "right"; readonly sentence: string }
  /** Nobody can say, and why. */
  | { readonly is: "unknown"; readonly sentence: string };

export interface Measured {
  readonly readModel: Pick<ReadModel, "stuckSince" | "ended" | "openWork" | "quarantinedFrom">;
  readonly feed: Pick<ProjectionFeed, "freshness" | "status">;
  readonly waits: Pick<WaitWatch, "causes">;
  readonly causeMarks: Pick<CauseMarks, "forLooking">;
  readonly approvals: Pick<Approvals, "all" | "rule">;
  readonly now: () => number;
}

/** Looks at what the read model and the log tell, at this moment. */
export async function measure(parts: Measured, condition: AlertCondition): Promise<Measurement> {
  if (condition.kind === "notDeciding") return deciding(parts, condition.longerThanMs);
  if (condition.kind === "approvalWaits") return approval(parts, condition);
  // Whatever is counted now would be what was.
  const { live, note, behind } = parts.feed.freshness();
  if (!live)
    return {
      is: "unknown",
      sentence: note ?? `The read model is behind: ${plural(behind, "record")} are still to be read.`,
    };
  switch (condition.kind) {
    case "stuck":
      return stuck(parts, condition);
    case "failureRate":
      return failures(parts, condition);
    case "noCompletion":
      return completions(parts, condition);
    case "backlog":
      return backlog(parts, condition);
    case "noWorker":
      return workers(parts);
    case "quarantine":
      return quarantine(parts, condition);
  }
}

type Of<Kind extends AlertCondition["kind"]> = Extract<AlertCondition, { kind: Kind }>;

function judged(isWrong: boolean, sentence: string): Measurement {
  return { is: isWrong ? "wrong" : "right", sentence };
}

function deciding({ feed }: Measured, longerThanMs: number): Measurement {
  const { connected, partitions, writeSide } = feed.status();
  if (!connected || writeSide.length === 0)
    return { is: "unknown", sentence: "The log does not say how engines are doing." };
  const troubles = writeSide.flatMap((status) => {
    const trouble = troubleOf(status.partition, status, status.owner, longerThanMs);
    return trouble === undefined ? [] : [trouble];
  });
  const told = troubles.filter(({ kind }) => kind !== "unknown");
  const sentence = troubleSentence(told, partitions);
  const isUntold = writeSide.some(({ waiting }) => waiting === undefined);
  if (sentence === undefined && isUntold)
    return {
      is: "unknown",
      sentence: troubleSentence(troubles, partitions) ?? "The log does not say how engines are doing.",
    };
  return judged(sentence !== undefined, sentence ?? "Commands are decided.");
}

async function stuck(parts: Measured, { filter, longerThanMs, atLeast }: Of<"stuck">): Promise<Measurement> {
  const { readModel, waits, causeMarks, now } = parts;
  const [causes, marks] = await Promise.all([waits.causes(), causeMarks.forLooking()]);
  const before = now() - longerThanMs;
  const { count, isLowerBound } = readModel.stuckSince({ filter, before, waits: causes, marks });
  if (isLowerBound && count < atLeast)
    return { is: "unknown", sentence: "More runs are stuck than can be looked at." };
  const some = isLowerBound ? `At least ${plural(count, "run")}` : plural(count, "run");
  const verb = count === 1 ? "has" : "have";
  const sentence = `${some}${ofWhich(filter)} ${verb} been stuck for more than ${durationWords(longerThanMs)}.`;
  return judged(count >= atLeast, sentence);
}

function failures({ readModel, now }: Measured, condition: Of<"failureRate">): Measurement {
  const { filter, above, withinMs, atLeast } = condition;
  const to = now();
  const { counts, since } = readModel.ended({ filter, from: to - withinMs, to });
  const { completed, failed, cancelled } = counts;
  const ended = completed + failed + cancelled;
  // Where there are too many to look at all, those that ended last say how it is.
  const time = durationWords(to - since);
  if (ended === 0) return judged(false, `No run${ofWhich(filter)} has ended in ${time}.`);
  const rate = failed / ended;
  const sentence = `${rateWords(rate)} of the runs${ofWhich(filter)} that ended in ${time} failed: ${countWords(failed)} of ${countWords(ended)}.`;
  return judged(ended >= atLeast && rate > above, sentence);
}

function completions({ readModel, now }: Measured, { filter, withinMs }: Of<"noCompletion">): Measurement {
  const to = now();
  const from = to - withinMs;
  const { counts, since } = readModel.ended({ filter, from, to });
  const time = durationWords(to - since);
  if (counts.completed > 0)
    return judged(false, `${plural(counts.completed, "run")}${ofWhich(filter)} completed in ${time}.`);
  if (since > from)
    return {
      is: "unknown",
      sentence: `So many runs end that only those of ${time} can be looked at; none of them${ofWhich(filter)} completed.`,
    };
  return judged(true, `No run${ofWhich(filter)} has completed for ${durationWords(withinMs)}.`);
}

function backlog({ readModel, now }: Measured, { jobType, longerThanMs }: Of<"backlog">): Measurement {
  const { jobs, answers } = readModel.openWork();
  const waiting: { readonly name: string; readonly since: number; readonly of: string }[] = [];
  for (const [name, { waitingSince }] of jobs)
    if (waitingSince !== undefined && (jobType === undefined || jobType === name))
      waiting.push({ name, since: waitingSince, of: "a job of" });
  if (jobType === undefined)
    for (const [name, { oldest }] of answers) waiting.push({ name, since: oldest, of: "the code of" });
  const [first] = waiting.toSorted((a, b) => a.since - b.since);
  if (first === undefined) return judged(false, "Nothing waits for a worker.");
  const ms = now() - first.since;
  return judged(
    ms > longerThanMs,
    `For ${durationWords(ms)} ${first.of} ${first.name} has waited for a worker.`,
  );
}

async function workers({ waits }: Measured): Promise<Measurement> {
  const names = (await waits.causes()).flatMap((cause) =>
    cause.kind === "noWorker" || cause.kind === "noHost" ? [cause.name] : [],
  );
  if (names.length === 0) return judged(false, "There are workers for all that waits.");
  const shown = names.slice(0, 5).join(", ");
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return judged(true, `Runs wait, and there is no worker for ${shown}${more}.`);
}

function quarantine({ readModel, now }: Measured, { atLeast, withinMs }: Of<"quarantine">): Measurement {
  const count = readModel.quarantinedFrom(now() - withinMs);
  const came = plural(count, "entry has", "entries have");
  return judged(count >= atLeast, `${came} come into the quarantine in ${durationWords(withinMs)}.`);
}

/** Of the topic of approvals alone: how far the read model is doesn't matter. */
async function approval(
  { approvals, now }: Measured,
  { longerThanMs }: Of<"approvalWaits">,
): Promise<Measurement> {
  const at = now();
  let waiting: readonly { readonly requestedAt: number; readonly expiresAt: number }[];
  try {
    waiting = (await approvals.all())
      .map((each) => each.approval)
      .filter((each) => approvalStatus(each, at) === "waiting");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { is: "unknown", sentence: `What waits for a second person can't be told: ${why}`.slice(0, 500) };
  }
  const late = waiting
    .filter(({ requestedAt }) => at - requestedAt > longerThanMs)
    .sort((a, b) => a.requestedAt - b.requestedAt);
  const [oldest] = late;
  if (oldest === undefined)
    return judged(false, `${noneLate(waiting.length, longerThanMs)}${never(approvals.rule, longerThanMs)}`);
  const many = late.length === 1 ? "1 request has" : `${countWords(late.length)} requests have`;
  const end = Math.min(...late.map(({ expiresAt }) => expiresAt));
  const next = late.length === 1 ? "It expires" : "The next of them expires";
  return judged(
    true,
    `${many} waited for a second person for more than ${durationWords(longerThanMs)}, the oldest for ${durationWords(at - oldest.requestedAt)}. ${next} in ${durationWords(end - at)}.`,
  );
}

function noneLate(waiting: number, longerThanMs: number): string {
  return waiting === 0
    ? "No request waits for a second person."
    : `No request has waited for a second person for more than ${durationWords(longerThanMs)}; ${plural(waiting, "waits", "wait")}.`;
}

/** Why the rule could never hold here. */
function never(rule: Approvals["rule"], longerThanMs: number): string {
  if (rule === undefined) return " Nothing needs one here.";
  if (longerThanMs < rule.expiresAfterMs) return "";
  return ` None ever does: they expire after ${durationWords(rule.expiresAfterMs)}.`;
}
