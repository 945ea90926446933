import { failureKinds, idProblem, maxLabels, maxPayloadBytes } from "@downbeat/domain";
import { z } from "zod";
import {
  longestLabelName,
  longestLabelValue,
  longestName,
  longestReason,
  longestRunId,
} from "./text-limits.ts";
import { namePattern } from "./topics.ts";

export const name = z
  .string()
  .regex(namePattern, "letters, digits, - and _, starting with a letter, at most 100");

/** Run ids come from users (order numbers and the like), so much is allowed; they are always shown as text. */
export const runId = z
  .string()
  .min(1)
  .max(longestRunId)
  .regex(/^[^\s\p{C}/]+$/u, "no spaces, control characters or slashes")
  // In an address they mean a folder: no browser would ask for such a run.
  .refine((id) => id !== "." && id !== "..", "no . or .. alone");

/** Of a run that is to be started. */
export const newRunId = runId.superRefine((id, context) => {
  const message = idProblem(id);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

export const commandId = z.string().min(1).max(500);
export const localId = z.string().regex(/^[a-z][0-9]{1,9}$/);
export const time = z.number().int().nonnegative();
/** Number of an event in its run's history. */
export const seq = z.number().int().min(1);
/** A duration, ms. */
export const lasted = z.number().int().nonnegative();
export const attempt = z.number().int().min(1);
export const shortText = z.string().max(longestName);

/** JSON text. The length limit is checked where it is answered, so that the sender hears of it; this one only stops the absurd. */
export const payload = z
  .string()
  .max(maxPayloadBytes * 8)
  .refine(isJson, "not JSON");

const labelText = `a label's value is a text of at most ${longestLabelValue} characters`;

export const labels = z
  .record(
    z.string().min(1).max(longestLabelName),
    z.string({ error: labelText }).max(longestLabelValue, { error: labelText }),
    {
      error: ({ code }) =>
        code === "invalid_key"
          ? `a label's name is a text of 1 to ${longestLabelName} characters`
          : undefined,
    },
  )
  .refine((value) => Object.keys(value).length <= maxLabels, `at most ${maxLabels} labels`);

export const action = z.object({
  actionId: z.string().min(1).max(100),
  actor: z.string().min(1).max(longestName),
  reason: z.string().max(longestReason),
});

/** That a command was approved, or let through. */
export const evidence = z.object({
  requestId: z.string().min(1).max(100).optional(),
  by: z.string().min(1).max(200).optional(),
  until: time,
  seal: z.string().max(200).optional(),
});

const failureCause = z.object({
  depth: z.number().int().min(1).max(20),
  name: shortText,
  message: z.string().max(2_000),
  stack: z.string().max(4_000).optional(),
  details: z.string().max(4_000).optional(),
});

export const failure = z.object({
  kind: z.enum(failureKinds),
  name: shortText,
  message: z.string().max(10_000),
  stack: z.string().max(20_000).optional(),
  details: z.string().max(maxPayloadBytes).optional(),
  timeout: z.enum(["scheduleToStart", "startToClose", "heartbeat"]).optional(),
  causes: z.array(failureCause).max(20).optional(),
});

export const jobOptions = z.object({
  retry: z
    .object({
      maxAttempts: z.number().int().min(1).max(1_000_000),
      initialIntervalMs: z.number().min(0),
      coefficient: z.number().min(1).max(100),
      maxIntervalMs: z.number().min(0),
      jitter: z.number().min(0).max(1),
      nonRetryable: z.array(shortText).max(100),
    })
    .partial()
    .optional(),
  whenExhausted: z.enum(["stuck", "fail"]).optional(),
  scheduleToStartMs: z.number().min(1).optional(),
  startToCloseMs: z.number().min(1).optional(),
  heartbeatMs: z.number().min(1).optional(),
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
