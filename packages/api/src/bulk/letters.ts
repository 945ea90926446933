import type { ActionOutcome, BulkOutcome } from "../views.ts";

/** What is recorded of a target's outcome, in the output of the job that acted on it. */
const letters = {
  recovered: "r",
  done: "d",
  failedAgain: "f",
  refused: "x",
  underWay: "u",
  notPickedUp: "p",
  lost: "l",
} as const satisfies Record<Exclude<BulkOutcome, "waiting">, string>;

export const bulkOutcomes = Object.keys(letters) as readonly (keyof typeof letters)[];

export function letterOf(outcome: keyof typeof letters): string {
  return letters[outcome];
}

export function outcomeOfLetter(letter: string): BulkOutcome {
  return bulkOutcomes.find((outcome) => letters[outcome] === letter) ?? "waiting";
}

/** More may still come of it. */
export function isOpenLetter(letter: string): boolean {
  return letter === letters.underWay || letter === letters.notPickedUp || letter === letters.lost;
}

/** @param isTaken whether a worker has taken the attempt that a retry led to */
export function outcomeOf(outcome: ActionOutcome, isTaken: () => boolean): keyof typeof letters {
  switch (outcome.type) {
    case "recovered":
    case "failedAgain":
    case "refused":
    case "lost":
      return outcome.type;
    case "accepted":
    case "existed":
      return "done";
    case "pending":
    case "requested":
      return "notPickedUp";
    case "inProgress":
      return isTaken() ? "underWay" : "notPickedUp";
  }
}
