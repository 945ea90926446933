import { createHash } from "node:crypto";
import type { GuardedCommand } from "@downbeat/domain";
import { z } from "zod";
import * as f from "./fields.ts";
import { completeJobCommand, startRunCommand, terminateRunCommand } from "./inbox-message.ts";
import { parseJson } from "./parse-json.ts";
import { digestOf, type Seals } from "./seals.ts";

/** So many targets are in one message at most: their ids, escaped, stay below what a log takes. */
export const mostTargetsInPart = 400;

const id = z.string().min(1).max(100);
const person = z.object({ id: z.string().min(1).max(200), actor: z.string().min(1).max(200) });
const said = { id, by: person, at: f.time };
const reason = z.string().max(1_000);
const command = z
  .discriminatedUnion("type", [terminateRunCommand, completeJobCommand, startRunCommand])
  // exactOptionalPropertyTypes: zod's `optional()` allows an explicit undefined, which JSON can't hold.
  .transform((given) => given as ApprovedCommand);

/** Run, and where a job is acted on, which. */
const targetRun = z.string().min(1).max(200);
const target = z.tuple([targetRun]).or(z.tuple([targetRun, f.localId]));
/** Far more than a bulk action may have. */
const mostParts = 1_000;
const fixedTargets = z.object({
  count: z
    .number()
    .int()
    .min(1)
    .max(mostParts * mostTargetsInPart),
  parts: z.number().int().min(1).max(mostParts),
  /** Of all parts in their order, see `targetsDigest`. */
  sha: z.string().max(100),
});

const approvalWord = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("requested"),
    ...said,
    expiresAt: f.time,
    /** As it goes to the inbox when it is approved, but for who approved it. */
    command,
    /** Of a bulk action: these, and no others. */
    targets: fixedTargets.exactOptional(),
  }),
  z.object({ type: z.literal("approved"), ...said, reason, digest: z.string().max(100) }),
  z.object({ type: z.literal("rejected"), ...said, reason }),
  z.object({ type: z.literal("withdrawn"), ...said }),
  z.object({
    type: z.literal("executed"),
    id,
    at: f.time,
    outcome: z.object({ is: z.enum(["done", "refused"]), why: z.string().max(2_000).exactOptional() }),
  }),
]);

const sealed = z.object({ word: approvalWord, seal: z.string().max(200).exactOptional() });

/** Targets of a bulk action that is about to be asked for. They count by the digest of the request. */
const targetsPart = z.object({
  type: z.literal("targets"),
  id,
  /** Of all parts, as the request will say. Absent from older servers. */
  sha: z.string().max(100).exactOptional(),
  part: z
    .number()
    .int()
    .min(0)
    .max(mostParts - 1),
  targets: z.array(target).min(1).max(mostTargetsInPart),
});

export type ApprovalWord = z.infer<typeof approvalWord>;
export type RequestedWord = Extract<ApprovalWord, { type: "requested" }>;
export type TargetsPart = z.infer<typeof targetsPart>;
export type ApprovedCommand = GuardedCommand;

/** Of all that is to be done: the command, and what it acts on. */
export function requestDigest({ command, targets }: Pick<RequestedWord, "command" | "targets">): string {
  return digestOf({ command, targets });
}

/** SHA-256 of all parts, in their order. */
export function targetsDigest(parts: readonly TargetsPart["targets"][]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${JSON.stringify(part)}\n`);
  return hash.digest("base64url");
}

/** @param seals absent where no keys are configured */
export function encodeApprovalMessage(word: ApprovalWord | TargetsPart, seals?: Seals): Uint8Array {
  if (word.type === "targets") return Buffer.from(JSON.stringify(word));
  const seal = seals?.seal("approval", word);
  return Buffer.from(JSON.stringify({ word, ...(seal !== undefined && { seal }) }));
}

/** `undefined` for bytes that are no such message, and, where there are keys, for one that no server sealed. */
export function parseApprovalMessage(
  bytes: Uint8Array,
  seals?: Seals,
): ApprovalWord | TargetsPart | undefined {
  const part = parseJson(targetsPart, bytes);
  if (part !== undefined) return part;
  const message = parseJson(sealed, bytes);
  if (message === undefined) return undefined;
  return seals === undefined || seals.isSealed("approval", message.word, message.seal)
    ? message.word
    : undefined;
}
