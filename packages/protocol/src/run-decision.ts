import { z } from "zod";
import * as f from "./fields.ts";

/** What workflow code wants next, as whoever hosts it says. What it means is checked where it is carried out. */
export const runDecision = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ScheduleJob"),
    jobId: f.localId,
    jobType: f.name,
    input: f.payload,
    options: f.jobOptions.optional(),
    compensationId: f.localId.optional(),
  }),
  z.object({ type: z.literal("SetTimer"), timerId: f.localId, dueAt: z.number() }),
  z.object({ type: z.literal("CancelTimer"), timerId: f.localId }),
  z.object({
    type: z.literal("AwaitSignal"),
    waitId: f.localId,
    name: f.shortText,
    timeoutMs: z.number().optional(),
    signalId: f.commandId.optional(),
  }),
  z.object({ type: z.literal("AbandonSignalWait"), waitId: f.localId }),
  z.object({
    type: z.literal("RegisterCompensation"),
    compensationId: f.localId,
    jobType: f.name,
    input: f.payload,
    options: f.jobOptions.optional(),
    undoes: f.localId.optional(),
  }),
  z.object({ type: z.literal("SetLabels"), labels: f.labels }),
  z.object({ type: z.literal("RecordVersion"), changeId: f.shortText, version: z.number().int().min(1) }),
  z.object({ type: z.literal("CompleteRun"), output: f.payload }),
  z.object({ type: z.literal("BeginFailing"), failure: f.failure }),
  z.object({ type: z.literal("FailRun"), failure: f.failure }),
  z.object({ type: z.literal("FinishCancel"), failure: f.failure.optional() }),
  z.object({ type: z.literal("GetStuck"), failure: f.failure }),
]);
