import type { OwedStanding } from "@downbeat/api/views";
import {
  type Report,
  readChoices,
  readText,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";

/** In the order of the page. */
export const owedStandings = ["undoing", "left", "failed"] as const satisfies OwedStanding[];

export interface OwedParams {
  readonly standing: readonly OwedStanding[];
  readonly workflow?: string | undefined;
  readonly jobType?: string | undefined;
  /** Path of the number that is summed. */
  readonly amount?: string | undefined;
}

/** Names every field but what is summed, so that it clears them all when it is laid over others. */
export const allOwed: Pick<OwedParams, "standing" | "workflow" | "jobType"> = {
  standing: [],
  workflow: undefined,
  jobType: undefined,
};

const longestName = 100;
const longestPath = 300;

export function parseOwedParams(query: URLSearchParams, report: Report = unreported): OwedParams {
  reportUnknown(query, ["standing", "workflow", "job", "amount", "view"], report);
  const workflow = readText(query, "workflow", longestName, report);
  const jobType = readText(query, "job", longestName, report);
  const amount = readAmount(query, report);
  return {
    standing: readChoices(query, "standing", owedStandings, report),
    ...(workflow !== undefined && { workflow }),
    ...(jobType !== undefined && { jobType }),
    ...(amount !== undefined && { amount }),
  };
}

function readAmount(query: URLSearchParams, report: Report): string | undefined {
  const amount = readText(query, "amount", longestPath, report);
  if (amount === undefined || /^(?:(?:input|output|run)(?:\..*)?|label\..*)$/s.test(amount)) return amount;
  report("“amount” is such as input.price.cents, output.amount, run.total or label.amount: it is left out.");
  return undefined;
}

export function serializeOwedParams(params: Partial<OwedParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.standing?.length) query.set("standing", params.standing.join(","));
  if (params.workflow) query.set("workflow", params.workflow);
  if (params.jobType) query.set("job", params.jobType);
  if (params.amount) query.set("amount", params.amount);
  return query;
}

export function isNarrowed({ standing, workflow, jobType }: OwedParams): boolean {
  return standing.length > 0 || workflow !== undefined || jobType !== undefined;
}

/** What the API is asked for. */
export function owedQueryOf({ standing, workflow, jobType, amount }: OwedParams) {
  return {
    ...(standing.length > 0 && { standing: [...standing] }),
    ...(workflow !== undefined && { workflow }),
    ...(jobType !== undefined && { jobType }),
    ...(amount !== undefined && { amount }),
  };
}
