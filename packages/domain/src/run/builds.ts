import type { Failure } from "../failure.ts";
import type { AnyRunCommand } from "./commands.ts";
import type { EventOf } from "./events.ts";
import type { AskedCode, Declined, Delegated, OpenRun, RunState } from "./state.ts";

/**
 * Which build of a workflow's code is asked.
 *
 * B1. Whoever's code does not fit a history that another build had a part in says so; the run is not stuck by that.
 * B2. Next asked is a build that is there and has not said so of this question, the one that decided last before others. It is asked from then on, as long as it is there.
 * B3. Where all have said so, they are asked again for a while: a deploy may bring one that fits.
 * B4. Whoever's schemas don't take what was recorded says so, whoever decided before: what another build took at the door may come to it first. Where none is left to ask, the run is stuck by that at once.
 * B5. A signal that none of them takes is passed over by the first that said so: whoever sent it made a slip, and can send another. Nothing is passed over before all were asked.
 * B6. A pinned run is asked of the build that began it alone, and waits for it; a person who resumes it lets others take it over when that build is not there.
 */

/** Builds of workers that are there and host the run's workflow, as far as is known; `""` of a worker that names none. */
export type PresentBuilds = readonly string[];

/** How long a question is put to those who are there, when none of them can answer. */
const declinedForMs = 600_000;
/** So often a question waits for the build of a pinned run, twice as long each time: a quarter of an hour in all. */
const mostSilencesOfBuild = 5;

const longestPauseMs = 60_000;

/** A run whose question is out. */
export type AskingRun = OpenRun & { readonly delegated: Delegated & { readonly asked: AskedCode } };

export function isAsking(state: RunState): state is AskingRun {
  return state.status === "running" && state.delegated?.asked !== undefined;
}

type Declining = Extract<AnyRunCommand, { because: "history" | "notMine" | "workerEnded" }>;

/** @returns nothing when nobody is left to ask, and it was tried for long enough */
export function askedElsewhere(
  { delegated }: AskingRun,
  { attempt, message, build, failure, signalId }: Declining,
  at: number,
  known: PresentBuilds | undefined,
): EventOf<"CodeAskedAgain"> | undefined {
  const present = known ?? [];
  const { declined, passesOver } = delegated.asked;
  const asked = {
    type: "CodeAskedAgain",
    attempt: attempt + 1,
    because: "notMine",
    ...(message !== undefined && { message }),
    ...(build !== undefined && { build }),
    ...(failure !== undefined && { failure }),
    ...(signalId !== undefined && { signalId }),
  } as const;
  // Rule 38: the first that could pass it over is remembered, and waits until all were asked.
  const passer = declined?.passer ?? (signalId === undefined ? undefined : (build ?? ""));
  // Rule 39: by the first that could go on without it: a slip of its sender must not hold the run up.
  const passing =
    passer === undefined || passesOver === true
      ? undefined
      : ({ ...asked, ...(passer !== "" && { next: passer }), untaken: "passedOver" } as const);
  // Nobody else is ever asked, so nothing is to be waited for.
  if (isPinnedTo(delegated, build)) return passing;
  // A worker that does not do as it is asked to: nobody asks without end.
  if (passesOver === true && failure !== undefined) return undefined;
  // Rule 35: a build that has not said so of this question may be the one that decided.
  const isAskable = (one: string) =>
    passesOver === true ? one === passer : declined?.builds.includes(one) !== true;
  const others = present.filter((one) => one !== "" && one !== build && isAskable(one));
  const next =
    delegated.isPinned === true
      ? delegated.build
      : (others.find((one) => one === delegated.answered?.build) ?? others[0]);
  // Rule 37: what one does not take another may.
  const isUntaken = passesOver !== true && (failure ?? declined?.failure) !== undefined;
  if (isUntaken && next === undefined && known !== undefined) return passing;
  const isAnew = next !== undefined && isFirstOf(build, declined?.builds, delegated);
  if (!isAnew && declined !== undefined && at - declined.since >= declinedForMs) return passing;
  return { ...asked, ...(next !== undefined && { next }) };
}

/**
 * Another build is asked at once, unless the one that declined had done so before: the question does not come to whom it is meant for, and would
 * go round and round.
 */
function isFirstOf(
  build: string | undefined,
  declined: readonly string[] | undefined,
  delegated: Pick<Delegated, "isPinned">,
): boolean {
  return delegated.isPinned !== true && declined?.includes(build ?? "") !== true;
}

/** What the run's question is put to after somebody declined it. */
export function declinedBy(
  { build: _, ...delegated }: Delegated,
  { attempt, build = "", next, failure, signalId, untaken }: EventOf<"CodeAskedAgain">,
  at: number,
): {
  readonly delegated: Delegated;
  readonly asked: Pick<NonNullable<Delegated["asked"]>, "declined" | "notBefore">;
} {
  const before: Declined = delegated.asked?.declined ?? { builds: [], since: at };
  const { builds } = before;
  const isAtOnce = untaken === "passedOver" || (next !== undefined && isFirstOf(build, builds, delegated));
  return {
    delegated: {
      ...delegated,
      ...(next !== undefined && { build: next }),
      isParticular: true,
      turn: (delegated.turn ?? 0) + 1,
    },
    asked: {
      declined: {
        ...(failure !== undefined && { failure }),
        ...(signalId !== undefined && { passer: build }),
        ...before,
        builds: builds.includes(build) ? builds : [...builds, build],
      },
      ...(!isAtOnce && { notBefore: at + Math.min(250 * 2 ** attempt, longestPauseMs) }),
    },
  };
}

/** After an answer. */
export function boundTo(delegated: Delegated, { build, versioning }: EventOf<"CodeAnswered">): Delegated {
  if (build === undefined) return delegated;
  // Rule 36: once bound it stays bound.
  const isPinned = versioning === "pinned" || delegated.isPinned === true;
  if (!isPinned && delegated.isParticular !== true) return delegated;
  return { ...delegated, build, ...(isPinned && { isPinned: true }) };
}

/** When a person has the code asked again: of others as well, where the build is not there. */
export function released({ isPinned, build, ...delegated }: Delegated): Delegated {
  if (isPinned !== true) return delegated;
  return { ...delegated, isParticular: true, ...(build !== undefined && { build }) };
}

/** @param present `undefined` where nobody knows who is there */
export function isBuildGone(
  { delegated }: AskingRun,
  silences: number,
  present: PresentBuilds | undefined,
): boolean {
  const { isPinned, build } = delegated;
  // A pinned run whose last worker had no build may be answered by anybody.
  if (isPinned !== true || build === undefined) return false;
  return silences >= mostSilencesOfBuild && present?.includes(build) === false;
}

export function buildGone({ workflow, delegated }: AskingRun) {
  return {
    kind: "code",
    name: "BuildGone",
    message: `The run is pinned to build ${delegated.build} of ${workflow}, and no worker of that build is there. Start one; or resume the run, and another build takes it over.`,
  } as const;
}

/** Whether the build that declined is the one that did all of it itself. */
function isPinnedTo(delegated: Delegated, build: string | undefined): boolean {
  return delegated.isPinned === true && build !== undefined && build === delegated.build;
}

/** Who else was asked for what the first did not take. */
function noneOf({ delegated }: AskingRun, build = ""): string {
  const [, ...others] = new Set([...(delegated.asked.declined?.builds ?? []), build]);
  if (others.length === 0) return "";
  const more = others.length > 5 ? ` and ${others.length - 5} more` : "";
  const named = `${others
    .slice(0, 5)
    .map((one) => one || "without a name")
    .join(", ")}${more}`;
  return `\nIt was asked of ${others.length === 1 ? "build" : "builds"} ${named} too, which could not go on either.`;
}

/** No build fits. */
export function nobodysCode(
  run: AskingRun,
  { message, build, failure }: Declining,
  present: PresentBuilds,
): Failure {
  const { declined: before, passesOver } = run.delegated.asked;
  // What was to be passed over keeps nobody from going on: those who still can't lack something else.
  const untaken = passesOver === true ? failure : (before?.failure ?? failure);
  if (untaken !== undefined) return { ...untaken, message: untaken.message + noneOf(run, build) };
  const isItsOwn = isPinnedTo(run.delegated, build);
  if (run.delegated.isPinned === true && !isItsOwn) return buildGone(run);
  const others = (before?.builds ?? []).filter((one) => one !== build && one !== "");
  const also =
    others.length === 0
      ? ""
      : ` Neither could ${others.length === 1 ? "build" : "builds"} ${others.join(", ")}.`;
  const minutes = declinedForMs / 60_000;
  const waited = `It was asked for ${minutes} minutes of ${present.length === 0 ? "whoever was there" : "all that are there"}.`;
  return {
    kind: "nonDeterminism",
    name: "NonDeterminism",
    message: `${message ?? `No worker's code of ${run.workflow} fits the run's history.`}${also} ${isItsOwn ? "The run is pinned to this build." : waited}`,
  } as const;
}
