import { maxStepRequests, type RunCommand } from "@downbeat/domain";
import { z } from "zod";
import { brokenText, halfPair } from "./broken-text.ts";
import * as f from "./fields.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";
import { type Malformed, parseEach } from "./parse-each.ts";
import { reasonOf } from "./reason.ts";
import { runDecision } from "./run-decision.ts";

const base = { commandId: f.commandId, runId: f.runId };
const attemptRef = {
  jobId: f.localId,
  attempt: f.attempt,
  worker: f.shortText,
  startedAt: f.time,
  ranForMs: f.lasted.optional(),
};

const approval = f.evidence.optional();

const seenJob = { jobId: f.localId, attempt: f.attempt.optional() };
/** Either of them; the run says so where it is not. */
const postponement = { until: f.time.optional(), byMs: z.number().int().min(1).optional() };

export const startRunCommand = z.object({
  type: z.literal("StartRun"),
  ...base,
  workflow: f.name,
  input: f.payload,
  labels: f.labels.optional(),
  startedBy: f.shortText.optional(),
  approval,
});
export const terminateRunCommand = z.object({
  type: z.literal("TerminateRun"),
  ...base,
  action: f.action,
  approval,
});
export const completeJobCommand = z.object({
  type: z.literal("CompleteJob"),
  ...base,
  jobId: f.localId,
  action: f.action,
  output: f.payload,
  approval,
});

export const runCommand = z.discriminatedUnion("type", [
  startRunCommand,
  z.object({ type: z.literal("CompleteAttempt"), ...base, ...attemptRef, output: f.payload }),
  z.object({
    type: z.literal("FailAttempt"),
    ...base,
    ...attemptRef,
    failure: f.failure,
    retryAfterMs: f.lasted.optional(),
  }),
  z.object({ type: z.literal("RejectAttempt"), ...base, ...attemptRef, failure: f.failure }),
  z.object({
    type: z.literal("HeartbeatAttempt"),
    ...base,
    ...attemptRef,
    details: f.payload.optional(),
    begins: z.literal(true).optional(),
    agoMs: f.lasted.optional(),
    again: z.literal(true).optional(),
    redelivered: z.number().int().min(1).optional(),
  }),
  z.object({
    type: z.literal("SendSignal"),
    ...base,
    signalId: f.commandId,
    name: f.shortText,
    payload: f.payload,
    actor: f.shortText.optional(),
  }),
  z.object({
    type: z.literal("FireTimer"),
    ...base,
    timerId: f.localId,
    generation: z.number().int().min(1),
  }),
  z.object({ type: z.literal("CancelRun"), ...base, action: f.action }),
  terminateRunCommand,
  z.object({ type: z.literal("ResumeRun"), ...base, action: f.action }),
  z.object({ type: z.literal("RepairRun"), ...base, action: f.action, outcome: z.enum(["cut", "closed"]) }),
  z.object({
    type: z.literal("RetryJob"),
    ...base,
    jobId: f.localId,
    action: f.action,
    input: f.payload.optional(),
  }),
  z.object({
    type: z.literal("CancelJob"),
    ...base,
    ...seenJob,
    action: f.action,
    onlyWhile: z.enum(["backingOff", "inFlight"]).optional(),
  }),
  completeJobCommand,
  z.object({ type: z.literal("RunJobNow"), ...base, ...seenJob, action: f.action }),
  z.object({ type: z.literal("PostponeRetry"), ...base, ...seenJob, action: f.action, ...postponement }),
  z.object({ type: z.literal("TimeOutJob"), ...base, ...seenJob, action: f.action }),
  z.object({ type: z.literal("FireTimerNow"), ...base, timerId: f.localId, action: f.action }),
  z.object({
    type: z.literal("PostponeTimer"),
    ...base,
    timerId: f.localId,
    action: f.action,
    ...postponement,
  }),
  z.object({ type: z.literal("LiftTimeout"), ...base, timerId: f.localId, action: f.action }),
  z.object({
    type: z.literal("AnswerQuestion"),
    ...base,
    upTo: f.seq,
    answerId: f.commandId,
    decisions: z.array(runDecision).max(maxStepRequests + 1),
    worker: f.shortText.optional(),
    build: f.shortText.optional(),
    left: z.number().int().min(1).optional(),
    versioning: z.literal("pinned").optional(),
  }),
  z.object({
    type: z.literal("AskAgain"),
    ...base,
    upTo: f.seq,
    attempt: f.attempt,
    because: z.enum(["history", "notMine", "workerEnded"]),
    message: z.string().max(4_000).optional(),
    build: f.shortText.optional(),
    failure: f.failure.optional(),
    signalId: f.commandId.optional(),
    ended: z.enum(["maybe", "begins"]).optional(),
  }),
]);

const isRunCommand = keptAsItIs(runCommand) as (json: unknown) => json is RunCommand;

/**
 * An inbox message holds commands of one sender for runs of one partition. Each command is parsed on its own, so a
 * malformed one goes to quarantine without taking its neighbours along.
 */
const envelope = z
  .object({ commands: z.array(z.unknown()).min(1).max(10_000) })
  .transform(({ commands }) => commands);

/** Command of a partition, not of a run: wakes its owner, is never recorded. */
export interface Tick {
  readonly type: "Tick";
}
export type InboxCommand = RunCommand | Tick;

export interface ParsedInboxMessage {
  readonly commands: readonly InboxCommand[];
  readonly malformed: readonly Malformed[];
}

/** The engine would not take the command, so it is not sent. The message is a sentence for whoever asked. */
export class InvalidCommand extends Error {
  override readonly name = "InvalidCommand";
}

/** @throws InvalidCommand when one of the commands is none that the engine takes */
export function encodeInboxMessage(commands: readonly InboxCommand[]): Uint8Array {
  return inboxMessageOf(commands.map(encodeCommand));
}

/** @param commands as `encodeCommand` gives them */
export function inboxMessageOf(commands: readonly string[]): Uint8Array {
  return Buffer.from(`{"commands":[${commands.join(",")}]}`);
}

/**
 * The command as JSON, checked by the very schema that the engine parses it with: what it does not take goes to quarantine there, and its sender
 * would wait for an answer that never comes.
 *
 * @throws InvalidCommand
 */
export function encodeCommand(command: InboxCommand): string {
  if (command.type === "Tick") return JSON.stringify(command);
  const parsed = runCommand.safeParse(command);
  if (!parsed.success) {
    const what = commandTypes.has(command.type) ? command.type : "The command";
    throw new InvalidCommand(`${what} can't be sent. ${reasonOf(parsed.error)}.`);
  }
  const json = JSON.stringify(parsed.data);
  // Half of a surrogate pair is written as an escape; without one there is nothing to look for.
  const broken = json.includes("\\ud") ? brokenText(parsed.data) : undefined;
  if (broken !== undefined)
    throw new InvalidCommand(`${command.type} can't be sent. ${broken}: ${halfPair}.`);
  return json;
}

const commandTypes: ReadonlySet<string> = new Set(runCommand.options.map(({ shape }) => shape.type.value));

export function parseInboxMessage(bytes: Uint8Array): ParsedInboxMessage {
  const { values, malformed } = parseEach(bytes, envelope, parseCommand);
  return { commands: values, malformed };
}

function parseCommand(candidate: unknown): { value: InboxCommand } | { reason: string } {
  // A schema that fails makes an error with a stack: too dear for each of the others.
  if (isTick(candidate)) return { value: { type: "Tick" } };
  if (isRunCommand(candidate)) return { value: candidate };
  const parsed = runCommand.safeParse(candidate);
  // exactOptionalPropertyTypes: zod's `optional()` allows an explicit undefined, which JSON can't hold.
  return parsed.success ? { value: parsed.data as RunCommand } : { reason: reasonOf(parsed.error) };
}

function isTick(candidate: unknown): boolean {
  return (
    typeof candidate === "object" && candidate !== null && "type" in candidate && candidate.type === "Tick"
  );
}
