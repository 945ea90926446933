import { createHash } from "node:crypto";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { whyAsked } from "../approvals/submit-or-ask.ts";
import type { Came } from "../commands/given-to-run.ts";
import type { Context } from "../context.ts";
import { forbidden, may, type Permission } from "../permissions/policy.ts";
import { CancelJob, cancelJob } from "../usecases/cancel-job.ts";
import { CancelRun, cancelRun } from "../usecases/cancel-run.ts";
import { CompleteJob, completeJob } from "../usecases/complete-job.ts";
import { ResumeRun, resumeRun } from "../usecases/resume-run.ts";
import { RetryJob, retryJob } from "../usecases/retry-job.ts";
import { RunJobNow, runJobNow } from "../usecases/run-job-now.ts";
import { SendSignal, sendSignal } from "../usecases/send-signal.ts";
import { runIdFor, StartRun, startRun } from "../usecases/start-run.ts";
import { TerminateRun, terminateRun } from "../usecases/terminate-run.ts";
import type { ActionView, BulkVerb } from "../views.ts";

/** A command that was read out of a text, ready to be sent as what whoever sends it does. */
export interface Resend {
  readonly command: string;
  readonly permission: Permission;
  /** Absent for a start without one: it is made from the action's id. */
  readonly runId: string | undefined;
  /** The one that it goes to in any case. */
  readonly goesTo: string;
  readonly send: (context: Context) => Promise<ActionView>;
}

interface Sending {
  readonly actionId: string;
  readonly reason: string;
  /** The text before it was edited. */
  readonly original?: string;
}

function sendable<Input>(
  permission: Permission,
  schema: z.ZodType<Input>,
  send: (context: Context, input: Input, came: Came | undefined) => Promise<ActionView>,
  runOf: (input: Input, actionId: string) => { readonly runId: string | undefined; readonly goesTo: string },
) {
  return (command: Readonly<Record<string, unknown>>, type: string, sending: Sending): Resend => {
    // Who does it and why is said again: what the text says of it was somebody else.
    const parsed = schema.safeParse({ ...command, ...sending });
    if (!parsed.success)
      throw new ApiError("badInput", `${type} can't be sent: ${sentences(parsed.error)}.`, {
        cause: parsed.error,
      });
    const { data } = parsed;
    const came = sending.original === undefined ? undefined : cameOf(command, sending.original);
    return {
      command: type,
      permission,
      ...runOf(data, sending.actionId),
      send: (context) => send(context, data, came),
    };
  };
}

function toRun<Input extends { readonly runId: string }>(
  permission: Permission,
  schema: z.ZodType<Input>,
  send: (context: Context, input: Input, came: Came | undefined) => Promise<ActionView>,
) {
  return sendable(permission, schema, send, ({ runId }) => ({ runId, goesTo: runId }));
}

/** What services and people ask for. What workers and the engine say among themselves belongs to one moment of a run. */
const commands: Readonly<Record<string, ReturnType<typeof sendable>>> = {
  StartRun: sendable("startRuns", StartRun, startRun, ({ runId, workflow }, actionId) => ({
    runId,
    goesTo: runId ?? runIdFor(workflow, actionId),
  })),
  SendSignal: toRun("sendSignals", SendSignal, sendSignal),
  CancelRun: toRun("endRuns", CancelRun, cancelRun),
  TerminateRun: toRun("endRuns", TerminateRun, terminateRun),
  ResumeRun: toRun("repairRuns", ResumeRun, resumeRun),
  RetryJob: toRun("steerJobs", RetryJob, retryJob),
  CancelJob: toRun("steerJobs", CancelJob, cancelJob),
  CompleteJob: toRun("steerJobs", CompleteJob, completeJob),
  RunJobNow: toRun("steerJobs", RunJobNow, runJobNow),
};

const sentence = new Intl.ListFormat("en", { type: "disjunction" });

/**
 * What a text asks for: a command, or a message with one command in it.
 *
 * @throws ApiError that says what is wrong with it
 */
export function readResend(text: string, sending: Sending): Resend {
  const command = onlyCommand(parsed(text));
  const { type } = command;
  const found = typeof type === "string" && Object.hasOwn(commands, type) ? commands[type] : undefined;
  if (found === undefined || typeof type !== "string")
    throw new ApiError(
      "badInput",
      `“type” must be ${sentence.format(Object.keys(commands))}. ${ofItself(type)}`.trim(),
    );
  return found(command, type, sending);
}

/** By these what is masked in a payload is known. */
const places = ["type", "runId", "workflow", "jobId", "name"] as const;

/** What the command carried before it was edited, where that can be told. */
function cameOf(command: Readonly<Record<string, unknown>>, text: string): Came | undefined {
  const original = commandIn(text);
  if (original === undefined) return undefined;
  const carried = original.input ?? original.output ?? original.payload;
  if (carried === undefined) return undefined;
  return {
    payload: typeof carried === "string" ? carried : JSON.stringify(carried),
    isInPlace: places.every((name) => original[name] === command[name]),
  };
}

class WouldSend extends Error {}

/**
 * Does all that sending it does, up to sending: what is refused before it is in the log is refused here.
 *
 * @throws ApiError
 */
export async function trySending(context: Context, resend: Resend): Promise<void> {
  const send = () => Promise.reject(new WouldSend());
  try {
    await resend.send({ ...context, commands: { send } });
  } catch (error) {
    if (!(error instanceof WouldSend)) throw error;
  }
}

/** Of what a text asks for, however it is spaced. */
export function digestOf(text: string): string {
  return createHash("sha256").update(plain(text)).digest("hex").slice(0, 32);
}

function plain(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** @throws ApiError for one who may not do what the command does */
export function mayResend(context: Context, { permission, command }: Resend): void {
  if (!may(context.role, permission)) throw new ApiError("forbidden", forbidden(permission));
  const intent = needingTwo[command];
  const why = intent && whyAsked(context, intent);
  if (why !== undefined)
    throw new ApiError("badInput", `${why} Ask for it on the run’s page, and drop the entry here.`);
}

const needingTwo: Readonly<Partial<Record<string, BulkVerb>>> = {
  TerminateRun: "terminateRun",
  CompleteJob: "completeJob",
};

function ofItself(type: unknown): string {
  if (typeof type !== "string") return "";
  return (Object.hasOwn(ofRuns, type) && ofRuns[type]) || "";
}

const answer = "It belongs to an attempt: retry or complete the job on its run’s page instead.";
const question = "It answers a question, which is asked again by itself.";
const due = "What is due is steered on the page Timers and waits.";

/** Why what is said within a run is not sent again. */
const ofRuns: Readonly<Record<string, string>> = {
  CompleteAttempt: answer,
  FailAttempt: answer,
  RejectAttempt: answer,
  HeartbeatAttempt: answer,
  AnswerQuestion: question,
  AskAgain: question,
  FireTimer: due,
  FireTimerNow: due,
  PostponeTimer: due,
  PostponeRetry: due,
  TimeOutJob: due,
  LiftTimeout: due,
  RepairRun: "Start a repair on the run’s page, which shows what it would do.",
};

const longestText = 100_000;

/** Why a message can't be sent again, however it is edited; `undefined` where it may be. */
export function whyNotResent(topic: string, text: string): string | undefined {
  if (topic.startsWith("jobs-"))
    return "This is an attempt on its way to a worker: its job times out and is tried again, or retry it on its run’s page.";
  if (topic.startsWith("decisions-"))
    return "This is a question to workflow code, which is asked again by itself.";
  if (topic.startsWith("timers")) return "This is a wake-up: what is due happens without it.";
  if (!topic.startsWith("inbox")) return "Only commands can be sent again.";
  if (text.length >= longestText)
    return "Only its beginning was kept: it is too long to be sent again from here.";
  const type = typeOf(text);
  return type === undefined ? undefined : ofRuns[type];
}

export const whyRefusedNotResent =
  "History keeps the name of a refused command and why it was refused, not what was in it: have its service send it again.";
export const whyLeftOutNotResent =
  "A record of history can’t be sent again: repair its runs, or restore a backup of the log.";
export const whyLeftOutNotDropped =
  "Nothing of history is dropped: as long as the record is in the log, what it told is missing.";

/** Of a text that can be read so far. */
function typeOf(text: string): string | undefined {
  const type = commandIn(text)?.type;
  return typeof type === "string" ? type : undefined;
}

function commandIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return onlyCommand(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // What the text holds is nobody's business who reads that it was refused.
    const at = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    throw new ApiError(
      "badInput",
      at === undefined ? "It is not JSON." : `It is not JSON from character ${Number(at) + 1} on.`,
    );
  }
}

const record = z.record(z.string(), z.unknown());
const message = z.object({ commands: z.array(record) });

function onlyCommand(json: unknown): Readonly<Record<string, unknown>> {
  const several = message.safeParse(json);
  if (several.success) {
    const [only, ...others] = several.data.commands;
    if (only !== undefined && others.length === 0) return only;
    throw new ApiError("badInput", "Send one command at a time: it holds several, or none.");
  }
  const one = record.safeParse(json);
  if (one.success) return one.data;
  throw new ApiError("badInput", "It must be a command: a JSON object with a “type”.");
}

function sentences({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}
