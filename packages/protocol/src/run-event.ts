import type { RunEvent } from "@downbeat/domain";
import { z } from "zod";
import * as f from "./fields.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";
import { reasonOf } from "./reason.ts";

const jobRef = { jobId: f.localId };
const result = { worker: f.shortText.optional(), startedAt: f.time.optional() };
const generation = z.number().int().min(1);
const timerRef = { timerId: f.localId, generation };
const stored = z.string();

export const runEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("RunStarted"),
    workflow: z.string(),
    input: stored,
    labels: f.labels.optional(),
    startedBy: z.string().optional(),
    codeIn: z.literal("workers").optional(),
    rules: z.number().int().min(1).optional(),
  }),
  z.object({ type: z.literal("LabelsSet"), labels: f.labels }),
  z.object({ type: z.literal("VersionRecorded"), changeId: f.shortText, version: z.number().int().min(1) }),
  z.object({ type: z.literal("RunCompleted"), output: stored }),
  z.object({ type: z.literal("RunFailing"), failure: f.failure }),
  z.object({ type: z.literal("RunFailed"), failure: f.failure }),
  z.object({ type: z.literal("RunCancelRequested"), action: f.action }),
  z.object({ type: z.literal("RunCancelled"), failure: f.failure.optional() }),
  z.object({ type: z.literal("RunTerminated"), action: f.action }),
  z.object({ type: z.literal("RunStuck"), failure: f.failure }),
  z.object({ type: z.literal("CodeGivenUp"), failure: f.failure }),
  z.object({ type: z.literal("RunResumed"), action: f.action }),
  z.object({
    type: z.literal("RunRepaired"),
    action: f.action,
    outcome: z.enum(["cut", "closed"]),
    message: z.string(),
  }),
  z.object({
    type: z.literal("CodeAnswered"),
    upTo: z.number().int().min(1),
    answerId: z.string(),
    worker: z.string().optional(),
    build: z.string().optional(),
    left: z.number().int().min(1).optional(),
    versioning: z.literal("pinned").optional(),
  }),
  z.object({
    type: z.literal("CodeAskedAgain"),
    attempt: f.attempt,
    because: z.enum(["history", "notMine", "noAnswer", "unfinished", "workerEnded"]),
    message: z.string().optional(),
    build: z.string().optional(),
    next: z.string().optional(),
    failure: f.failure.optional(),
    signalId: z.string().optional(),
    untaken: z.literal("passedOver").optional(),
    ended: z.enum(["maybe", "begins"]).optional(),
  }),
  z.object({
    type: z.literal("JobScheduled"),
    ...jobRef,
    jobType: z.string(),
    input: stored,
    options: f.jobOptions.optional(),
    compensationId: f.localId.optional(),
    heldUntil: f.time.optional(),
  }),
  z.object({ type: z.literal("AttemptRequested"), ...jobRef, attempt: f.attempt }),
  z.object({
    type: z.literal("AttemptStarted"),
    ...jobRef,
    attempt: f.attempt,
    worker: z.string(),
    startedAt: f.time,
    redelivered: z.number().int().min(1).optional(),
    beginId: f.commandId.optional(),
  }),
  z.object({
    type: z.literal("AttemptHeartbeat"),
    ...jobRef,
    attempt: f.attempt,
    details: stored.optional(),
    agoMs: f.lasted.optional(),
  }),
  z.object({
    type: z.literal("AttemptFailed"),
    ...jobRef,
    attempt: f.attempt,
    failure: f.failure,
    ...result,
    retryAt: f.time.optional(),
    action: f.action.optional(),
  }),
  z.object({
    type: z.literal("JobCompleted"),
    ...jobRef,
    output: stored,
    attempt: f.attempt.optional(),
    ...result,
    action: f.action.optional(),
  }),
  z.object({ type: z.literal("JobRejected"), ...jobRef, attempt: f.attempt, failure: f.failure, ...result }),
  z.object({ type: z.literal("JobStuck"), ...jobRef, failure: f.failure }),
  z.object({ type: z.literal("JobFailed"), ...jobRef, failure: f.failure }),
  z.object({ type: z.literal("JobCancelled"), ...jobRef, action: f.action.optional() }),
  z.object({ type: z.literal("JobAbandoned"), ...jobRef }),
  z.object({ type: z.literal("JobRetried"), ...jobRef, action: f.action, input: stored.optional() }),
  z.object({ type: z.literal("BackOffSkipped"), ...jobRef, action: f.action }),
  z.object({ type: z.literal("RetryPostponed"), ...jobRef, retryAt: f.time, action: f.action }),
  z.object({
    type: z.literal("TimerSet"),
    timerId: f.localId,
    generation,
    dueAt: f.time,
    waitId: f.localId.optional(),
  }),
  z.object({ type: z.literal("TimerFired"), ...timerRef, action: f.action.optional() }),
  z.object({ type: z.literal("TimerCancelled"), ...timerRef, action: f.action.optional() }),
  z.object({ type: z.literal("TimerPostponed"), ...timerRef, dueAt: f.time, action: f.action }),
  z.object({
    type: z.literal("SignalAwaited"),
    waitId: f.localId,
    name: z.string(),
    timeoutMs: z.number().optional(),
    signalId: z.string().optional(),
  }),
  z.object({
    type: z.literal("SignalReceived"),
    signalId: z.string(),
    name: z.string(),
    payload: stored,
    actor: z.string().optional(),
  }),
  z.object({ type: z.literal("SignalDelivered"), waitId: f.localId, signalId: z.string() }),
  z.object({
    type: z.literal("SignalWaitEnded"),
    waitId: f.localId,
    because: z.enum(["timeout", "closing"]),
  }),
  z.object({ type: z.literal("SignalWaitAbandoned"), waitId: f.localId }),
  z.object({
    type: z.literal("CompensationRegistered"),
    compensationId: f.localId,
    jobType: z.string(),
    input: stored,
    options: f.jobOptions.optional(),
    undoes: f.localId.optional(),
  }),
  z.object({
    type: z.literal("CommandRefused"),
    command: z.string(),
    code: z.enum([
      "UnknownWorkflow",
      "UnknownRun",
      "UnknownJob",
      "RunExists",
      "RunIdTaken",
      "RunOver",
      "RunCancelling",
      "RunNotStuck",
      "RunDamaged",
      "RunNotDamaged",
      "JobOver",
      "JobNotStuck",
      "JobNotBackingOff",
      "JobNotInFlight",
      "UnknownTimer",
      "TimerOver",
      "TimerNeeded",
      "TimeNotAhead",
      "AttemptOver",
      "UnknownAttempt",
      "InvalidInput",
      "PayloadTooLarge",
      "Unprocessable",
    ]),
    message: z.string(),
    jobId: z.string().optional(),
    timerId: z.string().optional(),
    attempt: z.number().int().optional(),
    action: f.action.optional(),
    actor: z.string().optional(),
  }),
]);

/** The types of event that this version knows. */
export const runEventTypes: readonly string[] = runEvent.options.map(({ shape }) => shape.type.value);

const runEvents = z.array(runEvent);

const keepsEvents = keptAsItIs(runEvents);

/** An event itself is made by the engine; what it holds may be somebody else's, who changes it later. */
function isFlat(event: object): boolean {
  const fields = event as Readonly<Record<string, unknown>>;
  for (const name in fields) if (typeof fields[name] === "object") return false;
  return true;
}

/** Events of one decision that come from elsewhere than the log itself. `undefined` when they are none. */
export function parseRunEvents(value: unknown): readonly RunEvent[] | undefined {
  return runEvents.safeParse(value).data as readonly RunEvent[] | undefined;
}

/** Events as every reader will see them, or in a sentence without its stop why none could. */
export function recordableEvents(
  events: readonly RunEvent[],
): { readonly events: readonly RunEvent[] } | { readonly flaw: string } {
  if (keepsEvents(events) && events.every(isFlat)) return { events };
  const parsed = runEvents.safeParse(events);
  if (parsed.success) return { events: parsed.data as readonly RunEvent[] };
  const [issue] = parsed.error.issues;
  const type = typeof issue?.path[0] === "number" ? events[issue.path[0]]?.type : undefined;
  return { flaw: `${type ?? "an event"} can't be written down: ${reasonOf(parsed.error)}` };
}
