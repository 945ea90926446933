import type { Permission } from "@downbeat/api/policy";
import type { BulkOutcome, BulkState, BulkVerb, BulkView } from "@downbeat/api/views";
import { formatDay, formatDayAndClock, formatHourMinute } from "../../lib/absolute-time.ts";
import { known } from "../../lib/known.ts";
import { formatCount, plural } from "../../lib/number.ts";
import type { Tone } from "../../lib/status.ts";
import { needs } from "../actions/needs.ts";
import { outcomeNames } from "./outcome-names.ts";

interface VerbWords {
  /** What the button says. */
  readonly button: string;
  /** In a list of what may be done to all. */
  readonly menu: string;
  /** What the page is called: "Retry of 500 jobs". */
  readonly noun: string;
  readonly of: "job" | "run" | "target";
  /** What happens to each, said before the click. */
  readonly consequence: string;
  readonly isDestructive?: boolean;
  readonly asks?: "output" | "signal";
}

export const bulkVerbs: Readonly<Record<BulkVerb, VerbWords>> = {
  retryJob: {
    button: "Retry",
    menu: "Retry the jobs…",
    noun: "Retry",
    of: "job",
    consequence: "Each job gets a fresh set of attempts. Its run goes on where it stopped if one succeeds.",
  },
  cancelJob: {
    button: "Cancel",
    menu: "Cancel the jobs…",
    noun: "Cancellation",
    of: "job",
    consequence: "Each job is given up. Its workflow’s code learns of it as a failure.",
    isDestructive: true,
  },
  completeJob: {
    button: "Complete",
    menu: "Complete the jobs with a value…",
    noun: "Completion",
    of: "job",
    consequence: "Each run goes on as if its job had answered with this value. No service does anything.",
    asks: "output",
  },
  resumeRun: {
    button: "Resume",
    menu: "Resume the runs…",
    noun: "Resumption",
    of: "run",
    consequence: "The code of each run continues from where it stopped.",
  },
  repairRun: {
    button: "Repair",
    menu: "Repair the runs…",
    noun: "Repair",
    of: "run",
    consequence: "Each run goes on at its last good event. What came after it doesn’t count.",
  },
  cancelRun: {
    button: "Cancel",
    menu: "Cancel the runs…",
    noun: "Cancellation",
    of: "run",
    consequence:
      "Nothing new is begun in them, and what was done is undone: every registered compensation runs.",
    isDestructive: true,
  },
  terminateRun: {
    button: "Terminate",
    menu: "Terminate the runs…",
    noun: "Termination",
    of: "run",
    consequence: "Each run ends at once. Nothing is undone.",
    isDestructive: true,
  },
  sendSignal: {
    button: "Send a signal to",
    menu: "Send a signal to the runs…",
    noun: "Signal",
    of: "run",
    consequence: "Each run receives the signal, and keeps it until its code waits for it.",
    asks: "signal",
  },
  runAgain: {
    button: "Run again",
    menu: "Run again with the same input…",
    noun: "New run",
    of: "run",
    consequence: "For each, another run of its workflow starts with the same input and labels.",
  },
};

/** One of a newer server is shown under its own name. */
export function verbWords(verb: string): VerbWords {
  return known(bulkVerbs, verb) ?? { button: verb, menu: verb, noun: verb, of: "target", consequence: "" };
}

/** What one has to be allowed, to ask for it. */
export const bulkNeeds: Readonly<Record<BulkVerb, Permission>> = { ...needs, runAgain: "startRuns" };

/** "Retry 500 jobs" */
export function buttonWords(verb: BulkVerb, count: number): string {
  const { button, of } = verbWords(verb);
  return verb === "runAgain" ? `Run ${plural(count, of)} again` : `${button} ${plural(count, of)}`;
}

/** " at 22:00", said after what a button does; nothing where it is done at once. */
export function whenWords(at: number, now: number): string {
  if (!(at > now)) return "";
  return formatDay(at) === formatDay(now) ? ` at ${formatHourMinute(at)}` : ` on ${formatDayAndClock(at)}`;
}

/** "Retry of 500 jobs" */
export function titleOf({ verb, targets }: Pick<BulkView, "verb" | "targets">): string {
  const { noun, of } = verbWords(verb);
  const what = targets === undefined ? `${of}s` : plural(targets, of);
  return `${noun} ${verb === "sendSignal" ? "to" : "of"} ${what}`;
}

interface OutcomeLook {
  readonly word: string;
  readonly tone: Tone;
}

const bulkOutcomes: Readonly<Record<BulkOutcome, OutcomeLook>> = {
  recovered: { word: "Recovered", tone: "completed" },
  done: { word: "Done", tone: "completed" },
  failedAgain: { word: "Failed again", tone: "stuck" },
  refused: { word: "Refused", tone: "failed" },
  underWay: { word: "Under way", tone: "running" },
  notPickedUp: { word: "Not picked up", tone: "waiting" },
  lost: { word: "Lost", tone: "failed" },
  waiting: { word: "Not sent yet", tone: "ended" },
};

/** @param isOver nothing more is sent */
export function outcomeLook(outcome: string, isOver = false): OutcomeLook {
  if (outcome === "waiting" && isOver) return { ...bulkOutcomes.waiting, word: "Not sent" };
  return known(bulkOutcomes, outcome) ?? { word: outcome, tone: "ended" };
}

/** Said in place of a table without a row. */
const noneOf: Readonly<Record<BulkOutcome, string>> = {
  recovered: "No target has recovered.",
  done: "No target is done.",
  failedAgain: "No target has failed again.",
  refused: "No target was refused.",
  underWay: "No target is under way.",
  notPickedUp: "No target is waiting to be picked up.",
  lost: "No target was lost.",
  waiting: "No target is waiting to be sent.",
};

export function emptyWords(outcome: BulkOutcome | undefined): string {
  if (outcome === undefined) return "No targets are listed yet.";
  return known(noneOf, outcome) ?? "No target has this outcome.";
}

const bulkStates: Readonly<Record<BulkState, OutcomeLook>> = {
  listing: { word: "Listing the targets", tone: "running" },
  scheduled: { word: "Scheduled", tone: "waiting" },
  canary: { word: "Trying the first few", tone: "running" },
  sending: { word: "Sending", tone: "running" },
  paused: { word: "Paused", tone: "waiting" },
  held: { word: "Held: needs you", tone: "stuck" },
  looking: { word: "Waiting for outcomes", tone: "running" },
  done: { word: "Done", tone: "completed" },
  stopped: { word: "Stopped", tone: "ended" },
  ended: { word: "Ended early", tone: "failed" },
};

export function stateLook(state: string): OutcomeLook {
  return known(bulkStates, state) ?? { word: state, tone: "ended" };
}

export const isOver = ({ state }: Pick<BulkView, "state">): boolean =>
  state === "done" || state === "stopped" || state === "ended";

/** How many of the targets have which outcome; those that were not acted on are waiting. */
export function outcomeCounts({
  outcomes,
  targets = 0,
  sent,
}: BulkView): readonly (readonly [BulkOutcome, number])[] {
  return outcomeNames.flatMap((name) => {
    const count = name === "waiting" ? Math.max(0, targets - sent) : (outcomes[name] ?? 0);
    return count === 0 ? [] : [[name, count] as const];
  });
}

/** The same to choose from: the chosen one stays when none has it any more. */
export function outcomeFilters(
  bulk: BulkView,
  chosen: BulkOutcome | undefined,
): readonly (readonly [BulkOutcome, number])[] {
  const counts = new Map(outcomeCounts(bulk));
  return outcomeNames.flatMap((name) =>
    counts.has(name) || name === chosen ? [[name, counts.get(name) ?? 0] as const] : [],
  );
}

type Settings = Pick<BulkView, "canary" | "perMinute" | "startAt" | "sent" | "state" | "targets">;

/** How carefully it is carried out. */
export function settingWords(bulk: Settings): string[] {
  const { perMinute, startAt } = bulk;
  return [
    canaryWords(bulk),
    perMinute === undefined ? "as fast as possible" : `at most ${formatCount(perMinute)} a minute`,
    ...(startAt === undefined ? [] : [`no earlier than ${formatDayAndClock(startAt)}`]),
  ];
}

function canaryWords(bulk: Settings): string {
  const { canary, sent, state, targets = Number.POSITIVE_INFINITY } = bulk;
  if (canary === undefined || targets <= canary.size) return "No canary";
  const { size, mostFailed } = canary;
  const isPast = isOver(bulk);
  const tried = sent >= size ? "were" : state === "canary" ? "are being" : isPast ? "were to be" : "will be";
  const percent = Math.round(mostFailed * 100);
  return `The first ${size} ${tried} tried before the others; at most ${percent} % ${isPast ? "were" : "are"} allowed to fail`;
}
