import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

const longestAlertName = 100;
export const longestAlertSentence = 1_000;

const minute = 60_000;
const day = 86_400_000;
/** Shorter than this, what is looked at every few seconds would be missed. */
const window = f.lasted.min(minute, "a minute at least").max(30 * day, "30 days at most");
const longerThan = f.lasted.min(1_000, "a second at least").max(366 * day, "366 days at most");
const atLeast = z.number().int().min(1).max(1_000_000);

/** Which runs a rule is about; of everything that is not given, all. */
const alertFilter = z.object({
  workflow: f.name.exactOptional(),
  /** All of these values. */
  labels: f.labels.exactOptional(),
});

export type AlertFilter = z.infer<typeof alertFilter>;

/** What is wrong when it holds. Times are ms. */
const alertCondition = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("stuck"),
    filter: alertFilter,
    longerThanMs: longerThan,
    /** Runs. */
    atLeast,
  }),
  z.object({
    kind: z.literal("failureRate"),
    filter: alertFilter,
    /** Share of the runs that ended, from 0 to 1. */
    above: z.number().min(0).max(0.999),
    withinMs: window,
    /** Runs that have to have ended: of a few, a share says little. */
    atLeast,
  }),
  z.object({ kind: z.literal("noCompletion"), filter: alertFilter, withinMs: window }),
  z.object({
    kind: z.literal("backlog"),
    /** Of jobs; not given: of any, and of workflows' code. */
    jobType: f.name.exactOptional(),
    longerThanMs: longerThan,
  }),
  z.object({ kind: z.literal("noWorker") }),
  z.object({ kind: z.literal("notDeciding"), longerThanMs: longerThan }),
  z.object({ kind: z.literal("quarantine"), atLeast, withinMs: window }),
  /** A request that needs a second person waits for one. */
  z.object({ kind: z.literal("approvalWaits"), longerThanMs: longerThan }),
]);

export type AlertCondition = z.infer<typeof alertCondition>;
export type AlertKind = AlertCondition["kind"];

/** Of one that the server's configuration has. */
export const alertChannelName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/, "letters, digits, - and _, at most 50");

export const alertRule = z.object({
  name: z.string().trim().min(1, "give it a name").max(longestAlertName),
  condition: alertCondition,
  /** Who is told. */
  channels: z.array(alertChannelName).max(10),
  /** Nobody is told before, ms since the epoch. */
  silencedUntil: f.time.exactOptional(),
});

export type AlertRule = z.infer<typeof alertRule>;

const ruleId = z.string().min(1).max(100);

const change = {
  ruleId,
  ...sharedChange,
};

const ofIncident = {
  ruleId,
  /** Of the rule's incidents, from 1. The next one begins when the one before is over: any other message of a beginning does not count. */
  number: z.number().int().min(1),
  at: f.time,
};

const sentence = z.string().max(longestAlertSentence);

/** What is said on the topic of alerts, by people of rules and by servers of incidents. */
const alertMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ruleSaved"), ...change, rule: alertRule }),
  z.object({ type: z.literal("ruleDeleted"), ...change }),
  z.object({ type: z.literal("incidentOpened"), ...ofIncident, sentence }),
  z.object({ type: z.literal("incidentResolved"), ...ofIncident, sentence }),
  z.object({
    type: z.literal("notified"),
    ...ofIncident,
    of: z.enum(["opened", "resolved"]),
    channel: alertChannelName,
    outcome: z.enum(["delivered", "failed"]),
    /** Why it failed, or whom it did not reach. */
    problem: sentence.exactOptional(),
  }),
]);

export type AlertMessage = z.infer<typeof alertMessage>;

export function encodeAlertMessage(message: AlertMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseAlertMessage(bytes: Uint8Array): AlertMessage | undefined {
  return parseJson(alertMessage, bytes);
}
