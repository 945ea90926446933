import { z } from "zod";
import { definitionId } from "./announced-schema.ts";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";

export const mostAnnounced = 1_000;

const jobType = z.object({
  type: f.name,
  concurrency: z.number().int().min(1),
  definition: definitionId.optional(),
  /** Attempts that its handlers had in hand when it said so; absent from workers of before. */
  inHand: z.number().int().min(0).optional(),
});

/** What a worker says of itself at its start and as long as it lives; key = the worker's id. A later message of the same id takes its place. */
export const workerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("alive"),
    /** Of this start of it, and of no other. */
    id: z.string().min(1).max(100),
    /** As it is shown where its attempts are; several may have it. */
    name: f.shortText.min(1),
    host: f.shortText,
    build: f.shortText,
    sdk: f.shortText,
    /** By its own clock, for people. */
    startedAt: f.time,
    /** It says that it lives every so many ms. */
    everyMs: z.number().int().min(1),
    jobs: z.array(jobType).max(mostAnnounced),
    /** Names of the workflows whose code it hosts. */
    workflows: z.array(f.name).max(mostAnnounced),
    /** Which definition of each it hosts; see the topic `workflows`. */
    definitions: z.record(f.name, definitionId).optional(),
  }),
  z.object({ type: z.literal("stopped"), id: z.string().min(1).max(100) }),
]);

export type WorkerMessage = z.infer<typeof workerMessage>;
export type AliveMessage = Extract<WorkerMessage, { type: "alive" }>;

export function encodeWorkerMessage(message: WorkerMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseWorkerMessage(bytes: Uint8Array): WorkerMessage | undefined {
  return parseJson(workerMessage, bytes);
}
