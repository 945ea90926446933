import { type AuditOutcome, longestAuditText } from "@downbeat/protocol";
import type { TRPCError } from "@trpc/server";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { cut } from "./asked-of.ts";

const answer = z.object({
  outcome: z.union([z.string(), z.object({ type: z.string(), message: z.string().optional() })]),
});

/** What an answer of the API says came of what was asked. */
export function outcomeOf(data: unknown): AuditOutcome {
  const outcome = answer.safeParse(data).data?.outcome;
  if (outcome === undefined) return { is: "done" };
  const { type, message } =
    typeof outcome === "string" ? { type: outcome } : { message: undefined, ...outcome };
  switch (type) {
    case "requested":
      return { is: "undecided", why: "Another person must approve it." };
    case "pending":
      return { is: "undecided" };
    case "lost":
      return { is: "failed", why: "It was taken out of the log before an engine read it." };
    case "refused":
      return message === undefined
        ? { is: "refused" }
        : { is: "refused", why: cut(message, longestAuditText) };
    case "conflict":
      return { is: "refused", why: "Somebody else had changed it meanwhile." };
    case "existed":
      return { is: "done", why: "It ran already: nothing was started." };
    default:
      return { is: "done" };
  }
}

const noChange = z.union([
  z.object({ outcome: z.literal("deleted"), wasGone: z.literal(true) }),
  z.object({ outcome: z.union([z.literal("existed"), z.object({ type: z.literal("existed") })]) }),
]);

/** Whether things are as they were before. */
export function hasChangedNothing(data: unknown): boolean {
  return noChange.safeParse(data).success;
}

const refusing: ReadonlySet<TRPCError["code"]> = new Set([
  "FORBIDDEN",
  "BAD_REQUEST",
  "NOT_FOUND",
  "PAYLOAD_TOO_LARGE",
  "PARSE_ERROR",
  "UNSUPPORTED_MEDIA_TYPE",
]);

/** Of a request that got no answer. What was typed into a field is not quoted. */
export function outcomeOfError({
  code,
  message,
  cause,
}: Pick<TRPCError, "code" | "message" | "cause">): AuditOutcome {
  const unfit = cause instanceof ApiError ? cause.cause : cause;
  if (unfit instanceof z.ZodError) {
    const names = unfit.issues.map(({ path }) => path.map(String).join(".") || "as a whole");
    return {
      is: "refused",
      why: cut(`The input can't be taken: ${[...new Set(names)].join(", ")}.`, longestAuditText),
    };
  }
  if (refusing.has(code)) return { is: "refused", why: cut(message, longestAuditText) };
  const why = code === "INTERNAL_SERVER_ERROR" ? "The server failed on it; its log says more." : message;
  return { is: "failed", why: cut(why, longestAuditText) };
}

/** The last word of a query that was run, or of a list that was exported. */
export const lastUpdate = z.discriminatedUnion("type", [
  z.object({ type: z.literal("answer"), answer: z.object({ rows: z.array(z.unknown()) }) }),
  z.object({ type: z.literal("refused"), message: z.string() }),
  z.object({ type: z.literal("end"), rows: z.number(), cut: z.string().optional() }),
]);
