import { PlainAnswer } from "@downbeat/api/fetch-answer";
import { TRPCClientError } from "@trpc/client";

/**
 * What became of a request that brought no answer of the kind that was asked for:
 * - `away`: nobody is there who could answer; it may or may not have been carried out
 * - `refused`: it was turned down, by the API or by a server in front of it, and nothing was done
 * - `failed`: it reached the API, which could not tell what came of it
 */
export type Trouble = "away" | "refused" | "failed";

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof TRPCClientError)) return "failed";
  const code: unknown = error.data?.code;
  if (typeof code === "string")
    return code === "SERVICE_UNAVAILABLE" || code === "INTERNAL_SERVER_ERROR" ? "failed" : "refused";
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && status !== 408 ? "refused" : "away";
}

/** What a person can do about it, where the answer has no words of its own. */
export function messageOf(error: unknown): string {
  if (!(error instanceof TRPCClientError)) return error instanceof Error ? error.message : String(error);
  if (error.data != null) return error.message;
  if (troubleOf(error) === "away") return "The server can't be reached.";
  const status = statusOf(error) ?? 0;
  if (status === 429) return tooOften(error);
  return refusals.get(status) ?? `The server refuses this request (HTTP ${status}).`;
}

const tooLong = "What was typed or chosen is too long for the server: shorten it and try again.";

const refusals = new Map([
  [401, "You are not signed in, or not any more: reload the page."],
  [403, "You may not do this."],
  [413, "What was sent is too large for the server: shorten it and try again."],
  [414, tooLong],
  [431, tooLong],
]);

function tooOften(error: TRPCClientError<never>): string {
  const seconds = Math.ceil((retryAfterMs(error) ?? 0) / 1_000);
  const wait = seconds <= 1 ? "a moment" : `${seconds} seconds`;
  return `The server has had too many requests: wait ${wait} and try again.`;
}

/** ms; when it may be asked again, of a server that has had too many requests and said so. */
export function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const { cause } = error;
  return cause instanceof PlainAnswer && cause.status === 429 ? cause.retryAfterMs : undefined;
}

function statusOf({ cause }: TRPCClientError<never>): number | undefined {
  return cause instanceof PlainAnswer ? cause.status : undefined;
}
