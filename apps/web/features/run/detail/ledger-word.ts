import type { LedgerEntry } from "@downbeat/api/views";

/** What is said of an entry. Only a run that is over can say of an undo step that it was not needed. */
export function ledgerWord({ status, undoes }: LedgerEntry, isOpenRun: boolean): string {
  switch (status) {
    case "registered":
      if (!isOpenRun) return "not needed";
      return undoes === undefined ? "runs if the run fails" : "undone if the run fails";
    case "undoing":
      return "being undone";
    case "undone":
      return undoes === undefined ? "done" : "undone";
    case "undoFailed":
      return "undo failed";
    case "owed":
      return "still owed";
    default:
      return status;
  }
}
