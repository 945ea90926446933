import type { RunEvent } from "@downbeat/domain";
import { z } from "zod";
import * as f from "./fields.ts";

/** One run's part of a decision record: what came of one input. */
export interface Decision {
  readonly runId: string;
  /** Empty when the run does not exist and the events only say so. */
  readonly workflow: string;
  /** `commandId` of the input that caused it. */
  readonly inputId: string;
  /** Number of the first event in its run's history, from 1; 0 when the run does not exist. */
  readonly seq: number;
  readonly events: readonly RunEvent[];
}

export interface Claim {
  readonly kind: "claim";
  readonly id: string;
  readonly epoch: number;
  readonly owner: string;
  /** ms since the epoch */
  readonly at: number;
}

export interface DecisionRecord {
  readonly kind: "decisions";
  readonly id: string;
  /** Id of the record that this one builds on. */
  readonly prev: string;
  readonly claimId: string;
  /** Of the claim, so that a reader that begins after it knows. Absent in records of older engines. */
  readonly epoch?: number;
  /** Time of every event in the record, ms since the epoch. Never smaller than in the record before. */
  readonly at: number;
  /** The effects of so many accepted records of this partition, counted from its beginning, are published. */
  readonly dispatchedUpTo: number;
  readonly decisions: readonly Decision[];
}

export type HistoryRecord = Claim | DecisionRecord;

const id = z.string().min(1).max(200);
const jobRef = { jobId: f.localId };
const result = { worker: f.shortText.optional(), startedAt: f.time.optional() };
const generation = z.number().int().min(1);
const stored = z.string();

const runEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("RunStarted"),
    workflow: z.string(),
    input: stored,
    labels: f.labels.optional(),
    startedBy: z.string().optional(),
  }),
  z.object({ type: z.literal("LabelsSet"), labels: f.labels }),
  z.object({ type: z.literal("RunCompleted"), output: stored }),
  z.object({ type: z.literal("RunFailing"), failure: f.failure }),
  z.object({ type: z.literal("RunFailed"), failure: f.failure }),
  z.object({ type: z.literal("RunCancelRequested"), action: f.action }),
  z.object({ type: z.literal("RunCancelled"), failure: f.failure.optional() }),
  z.object({ type: z.literal("RunTerminated"), action: f.action }),
  z.object({ type: z.literal("RunStuck"), failure: f.failure }),
  z.object({ type: z.literal("RunResumed"), action: f.action }),
  z.object({
    type: z.literal("JobScheduled"),
    ...jobRef,
    jobType: z.string(),
    input: stored,
    options: f.jobOptions.optional(),
    compensationId: f.localId.optional(),
  }),
  z.object({ type: z.literal("AttemptRequested"), ...jobRef, attempt: f.attempt }),
  z.object({
    type: z.literal("AttemptStarted"),
    ...jobRef,
    attempt: f.attempt,
    worker: z.string(),
    startedAt: f.time,
  }),
  z.object({
    type: z.literal("AttemptHeartbeat"),
    ...jobRef,
    attempt: f.attempt,
    details: stored.optional(),
  }),
  z.object({
    type: z.literal("AttemptFailed"),
    ...jobRef,
    attempt: f.attempt,
    failure: f.failure,
    ...result,
    retryAt: f.time.optional(),
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
  z.object({ type: z.literal("JobRetried"), ...jobRef, action: f.action, input: stored.optional() }),
  z.object({ type: z.literal("BackOffSkipped"), ...jobRef, action: f.action }),
  z.object({
    type: z.literal("TimerSet"),
    timerId: f.localId,
    generation,
    dueAt: f.time,
    waitId: f.localId.optional(),
  }),
  z.object({ type: z.literal("TimerFired"), timerId: f.localId, generation }),
  z.object({ type: z.literal("TimerCancelled"), timerId: f.localId, generation }),
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
      "RunOver",
      "RunCancelling",
      "RunNotStuck",
      "JobOver",
      "JobNotStuck",
      "JobNotBackingOff",
      "AttemptOver",
      "UnknownAttempt",
      "InvalidInput",
      "PayloadTooLarge",
      "Unprocessable",
    ]),
    message: z.string(),
    jobId: z.string().optional(),
    attempt: z.number().int().optional(),
    action: f.action.optional(),
    actor: z.string().optional(),
  }),
]);

const decision = z.object({
  runId: z.string(),
  workflow: z.string(),
  inputId: z.string(),
  seq: z.number().int().nonnegative(),
  events: z.array(runEvent),
});

export const historyRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("claim"), id, epoch: z.number().int().min(1), owner: z.string(), at: f.time }),
  z.object({
    kind: z.literal("decisions"),
    id,
    prev: id,
    claimId: id,
    epoch: z.number().int().min(1).optional(),
    at: f.time,
    dispatchedUpTo: z.number().int().nonnegative(),
    decisions: z.array(decision),
  }),
]);

export function encodeHistoryRecord(record: HistoryRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** `undefined` for bytes that are no record: every reader ignores them alike, so they can't split opinions. */
export function parseHistoryRecord(bytes: Uint8Array): HistoryRecord | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    const parsed = historyRecord.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as HistoryRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** The types of event that this version knows; a record with another one is none to it. */
export const runEventTypes: readonly string[] = runEvent.options.map(({ shape }) => shape.type.value);

const runEvents = z.array(runEvent);

/** Events of one decision that come from elsewhere than the log itself. `undefined` when they are none. */
export function parseRunEvents(value: unknown): readonly RunEvent[] | undefined {
  const parsed = runEvents.safeParse(value);
  return parsed.success ? (parsed.data as readonly RunEvent[]) : undefined;
}
