import { countWords, durationWords, plural, rateWords } from "@downbeat/domain";
import type { AlertCondition, AlertFilter } from "@downbeat/protocol";

/** When a rule tells people, in a sentence. */
export function conditionWords(condition: AlertCondition): string {
  switch (condition.kind) {
    case "stuck":
      return `${plural(condition.atLeast, "run")}${ofWhich(condition.filter)} or more stuck for longer than ${durationWords(condition.longerThanMs)}.`;
    case "failureRate":
      return `More than ${rateWords(condition.above)} of the runs${ofWhich(condition.filter)} that ended in ${durationWords(condition.withinMs)} failed, of ${countWords(condition.atLeast)} or more.`;
    case "noCompletion":
      return `No run${ofWhich(condition.filter)} completed for ${durationWords(condition.withinMs)}.`;
    case "backlog": {
      const what =
        condition.jobType === undefined ? "A job, or a run’s code," : `A job of ${condition.jobType}`;
      return `${what} has waited for a worker for longer than ${durationWords(condition.longerThanMs)}.`;
    }
    case "noWorker":
      return "Runs wait for a job or a workflow that no worker serves.";
    case "notDeciding":
      return `Commands wait and no engine has decided one for longer than ${durationWords(condition.longerThanMs)}.`;
    case "quarantine":
      return `${plural(condition.atLeast, "entry", "entries")} or more came into the quarantine in ${durationWords(condition.withinMs)}.`;
    case "approvalWaits":
      return `A request has waited for a second person for longer than ${durationWords(condition.longerThanMs)}.`;
  }
}

/** ` of bookTrip with country=JP`, or nothing where it is about all runs. */
export function ofWhich({ workflow, labels = {} }: AlertFilter): string {
  const parts = [
    ...(workflow === undefined ? [] : [`of ${workflow}`]),
    ...Object.entries(labels).map(([key, value]) => `with ${key}=${value}`),
  ];
  return parts.length === 0 ? "" : ` ${parts.join(" ")}`;
}
