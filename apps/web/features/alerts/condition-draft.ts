import type { AlertCondition, AlertKind } from "@downbeat/api/views";
import { plainLabels, plainLabelsText } from "../../lib/plain-labels.ts";

/** What is typed into the form; of the fields, those count that the kind has. */
export interface ConditionDraft {
  readonly kind: AlertKind;
  readonly workflow: string | undefined;
  /** As typed: `country=JP`. */
  readonly labels: string;
  readonly jobType: string;
  readonly minutes: string;
  readonly atLeast: string;
  readonly percent: string;
}

export const kindWords: Readonly<Record<AlertKind, string>> = {
  stuck: "Runs are stuck",
  failureRate: "Runs fail too often",
  noCompletion: "No run completes",
  backlog: "Jobs wait too long for a worker",
  noWorker: "There is no worker for what waits",
  notDeciding: "Engines don’t decide",
  quarantine: "The quarantine grows",
  approvalWaits: "An approval waits too long",
};

type Field = "filter" | "minutes" | "atLeast" | "percent" | "jobType";

/** What each kind asks for, and what its minutes and its number mean. */
export const kindFields: Readonly<
  Record<
    AlertKind,
    { readonly fields: readonly Field[]; readonly minutes?: string; readonly atLeast?: string }
  >
> = {
  stuck: {
    fields: ["filter", "minutes", "atLeast"],
    minutes: "For longer than, minutes",
    atLeast: "Runs, at least",
  },
  failureRate: {
    fields: ["filter", "percent", "minutes", "atLeast"],
    minutes: "Of runs that ended in the last, minutes",
    atLeast: "Out of at least this many runs",
  },
  noCompletion: { fields: ["filter", "minutes"], minutes: "For, minutes" },
  backlog: { fields: ["jobType", "minutes"], minutes: "Longer than, minutes" },
  noWorker: { fields: [] },
  notDeciding: { fields: ["minutes"], minutes: "For longer than, minutes" },
  quarantine: {
    fields: ["atLeast", "minutes"],
    minutes: "In the last, minutes",
    atLeast: "Entries, at least",
  },
  approvalWaits: { fields: ["minutes"], minutes: "For longer than, minutes" },
};

const defaults: Readonly<Record<AlertKind, Pick<ConditionDraft, "minutes" | "atLeast" | "percent">>> = {
  stuck: { minutes: "15", atLeast: "1", percent: "" },
  failureRate: { minutes: "15", atLeast: "20", percent: "5" },
  noCompletion: { minutes: "60", atLeast: "", percent: "" },
  backlog: { minutes: "10", atLeast: "", percent: "" },
  noWorker: { minutes: "", atLeast: "", percent: "" },
  notDeciding: { minutes: "1", atLeast: "", percent: "" },
  quarantine: { minutes: "60", atLeast: "1", percent: "" },
  approvalWaits: { minutes: "60", atLeast: "", percent: "" },
};

export function emptyDraft(kind: AlertKind): ConditionDraft {
  return { kind, workflow: undefined, labels: "", jobType: "", ...defaults[kind] };
}

const minute = 60_000;

export function draftOf(condition: AlertCondition): ConditionDraft {
  const draft = emptyDraft(condition.kind);
  const filter = "filter" in condition ? condition.filter : {};
  const ms =
    "longerThanMs" in condition
      ? condition.longerThanMs
      : "withinMs" in condition
        ? condition.withinMs
        : undefined;
  return {
    ...draft,
    workflow: filter.workflow,
    labels: plainLabelsText(filter.labels),
    jobType: "jobType" in condition ? (condition.jobType ?? "") : "",
    ...(ms !== undefined && { minutes: String(ms / minute) }),
    ...("atLeast" in condition && { atLeast: String(condition.atLeast) }),
    ...("above" in condition && { percent: String(Math.round(condition.above * 1e6) / 1e4) }),
  };
}

/** What is meant, or what keeps it from being meant. Limits are the server's to check. */
export function conditionOf(
  draft: ConditionDraft,
): { readonly condition: AlertCondition } | { readonly problem: string } {
  const { kind, workflow, jobType } = draft;
  const { fields } = kindFields[kind];
  const minutes = numberOf(draft.minutes);
  if (fields.includes("minutes") && minutes === undefined) return { problem: "Enter the number of minutes." };
  const ms = Math.round((minutes ?? 0) * minute);
  const atLeast = numberOf(draft.atLeast);
  if (fields.includes("atLeast") && (atLeast === undefined || !Number.isInteger(atLeast)))
    return { problem: "Enter the minimum, a whole number." };
  const percent = numberOf(draft.percent);
  if (fields.includes("percent") && (percent === undefined || percent < 0 || percent > 99.9))
    return { problem: "Enter a percentage from 0 to 99.9." };
  const labels = plainLabels(draft.labels);
  if (fields.includes("filter") && typeof labels === "string") return { problem: labels };
  const filter = {
    ...(workflow !== undefined && { workflow }),
    ...(typeof labels === "object" && Object.keys(labels).length > 0 && { labels }),
  };
  const least = atLeast ?? 1;
  switch (kind) {
    case "stuck":
      return { condition: { kind, filter, longerThanMs: ms, atLeast: least } };
    case "failureRate":
      return { condition: { kind, filter, above: (percent ?? 0) / 100, withinMs: ms, atLeast: least } };
    case "noCompletion":
      return { condition: { kind, filter, withinMs: ms } };
    case "backlog":
      return {
        condition: { kind, longerThanMs: ms, ...(jobType.trim() !== "" && { jobType: jobType.trim() }) },
      };
    case "noWorker":
      return { condition: { kind } };
    case "notDeciding":
    case "approvalWaits":
      return { condition: { kind, longerThanMs: ms } };
    case "quarantine":
      return { condition: { kind, withinMs: ms, atLeast: least } };
  }
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}
