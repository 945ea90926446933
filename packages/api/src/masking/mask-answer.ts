import { withoutInputDigests } from "@downbeat/domain";
import { z } from "zod";
import type { PayloadOf } from "./mask-rules.ts";
import type { RunMask } from "./run-mask.ts";
import type { Secrets } from "./secrets.ts";
import { isSystemWord } from "./system-words.ts";
import { toldErrorOf } from "./told-error-of.ts";

/** What is masked where. */
export interface Masks {
  /**
   * Of a run; `undefined`: nothing is masked of it.
   *
   * @param seq that what is shown goes up to, where that is known
   */
  of(runId: string, seq?: number): RunMask | undefined;
  /** Of the runs that fall under a cause. */
  ofCause(fingerprint: string): Secrets;
  /**
   * Of a payload that belongs to no run.
   *
   * @param startOf the workflow whose runs are started with it
   */
  payload(json: string, startOf?: string): string;
  /** As it was before it was encrypted, where this server can tell. */
  readable(json: string): string;
}

const payloads: ReadonlySet<string> = new Set(["input", "output", "payload", "details"]);

/** Names here are people's own: they say nothing of what stands there, not even one that the system has for itself. */
const byOwnNames: ReadonlySet<string> = new Set(["labels"]);

/** Names, numbers and choices of the system's own, which tell of nobody, and by which things are asked for. */
const ofTheSystem: ReadonlySet<string> = new Set([
  ...["runId", "workflow", "jobId", "jobType", "rowId", "timerId", "waitId", "signalId", "compensationId"],
  ...["undoes", "undoJobId", "doneType", "actionId", "commandId", "inputId", "answerId", "beginId", "bulkId"],
  ...["fingerprint", "cursor", "type", "kind", "status", "shown", "closing", "verb", "outcome", "code"],
  ...["standing", "heldRunId", "startedRunId", "position", "topic", "changeId", "build", "worker", "command"],
  ...["key", "since", "language", "audience", "timeZone", "versioning", "because", "codeIn", "query", "id"],
]);

const actedOn = z.object({ what: z.literal("run"), id: z.string() });

/** What an answer's part is about: a run, with its mask or nothing to mask; a cause; or nobody knows. */
type Of =
  | { readonly run: RunMask | "plain"; readonly cause?: never }
  | { readonly run?: never; readonly cause?: Secrets };
const unknown: Of = {};

/** The same answer with what is personal masked, wherever it stands in it. */
export function maskedAnswer<T>(answer: T, masks: Masks, runId?: string): T {
  const of = runId === undefined ? unknown : { run: masks.of(runId) ?? ("plain" as const) };
  return walked(answer, of, masks) as T;
}

function walked(given: unknown, of: Of, masks: Masks): unknown {
  if (typeof given === "string") return shownText(given, of);
  if (Array.isArray(given)) return given.map((each: unknown) => walked(each, of, masks));
  if (typeof given !== "object" || given === null) return given;
  const value = withToldError(given, masks);
  const fields = Object.entries(value);
  const around = aroundOf(value, of, masks);
  const shown = fields.map(([name, field]): [string, unknown] => {
    if (typeof field !== "string")
      return [name, byOwnNames.has(name) ? ownNames(field, around, masks) : walked(field, around, masks)];
    if (payloads.has(name)) return [name, shownPayload(value, name, field, around, masks)];
    const isPlain = ofTheSystem.has(name) || (isUnknown(around) && isSystemWord(value, name, field));
    return [name, isPlain ? field : shownText(field, around)];
  });
  const changed = new Set(
    shown.filter(([name, field]) => field !== Reflect.get(value, name)).map(([name]) => name),
  );
  return Object.fromEntries(shown.filter(([name]) => !isPlaceIn(name, changed) && !isDigest(name, around)));
}

/** A failure whose message was encrypted with its details is shown as it was. */
function withToldError(value: object, masks: Masks): object {
  if (!("details" in value) || typeof value.details !== "string") return value;
  const told = toldErrorOf(value.details, masks.readable);
  if (told === undefined) return value;
  const { details: _, ...others } = value;
  return { ...others, ...told };
}

function ownNames(map: unknown, of: Of, masks: Masks): unknown {
  if (typeof map !== "object" || map === null || Array.isArray(map)) return walked(map, of, masks);
  return Object.fromEntries(
    Object.entries(map).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "string" ? shownText(value, of) : walked(value, of, masks),
    ]),
  );
}

function isUnknown({ run }: Of): boolean {
  return run !== undefined && run !== "plain" && run.isUnknown;
}

/** From a digest, guesses at what is masked could be confirmed. */
function isDigest(name: string, { run }: Of): boolean {
  return name === "inputDigest" && run !== "plain";
}

/** Times stand at places of their text, which are others in one that was masked. */
function isPlaceIn(name: string, changed: ReadonlySet<string>): boolean {
  return name.endsWith("Times") && changed.has(name.slice(0, -"Times".length));
}

function aroundOf(value: object, of: Of, masks: Masks): Of {
  if ("runId" in value && typeof value.runId === "string") {
    const seq = "seq" in value && typeof value.seq === "number" ? value.seq : undefined;
    return { run: masks.of(value.runId, seq) ?? "plain" };
  }
  // An entry of the audit.
  if ("on" in value && Array.isArray(value.on)) {
    const run = actedOn.safeParse(value.on.find((each) => actedOn.safeParse(each).success)).data?.id;
    if (run !== undefined) return { run: masks.of(run) ?? "plain" };
  }
  if (of.run === undefined && "fingerprint" in value && typeof value.fingerprint === "string")
    return { cause: masks.ofCause(value.fingerprint) };
  return of;
}

function shownText(text: string, { run, cause }: Of): string {
  if (run === "plain") return text;
  if (run !== undefined) return run.text(text);
  const shown = withoutInputDigests(text);
  return cause?.hide(shown) ?? shown;
}

function shownPayload(value: object, name: string, json: string, { run }: Of, masks: Masks): string {
  if (run === "plain") return masks.readable(json);
  return run === undefined
    ? masks.payload(json, startOf(value))
    : run.payload(json, payloadOf(value, name, run));
}

/** Of a saved input, the workflow that it is for. */
function startOf(value: object): string | undefined {
  if (!("savedBy" in value) || !("workflow" in value)) return undefined;
  return typeof value.workflow === "string" ? value.workflow : undefined;
}

/** By the shape of what it stands in: a row of the timeline, an event, or the run itself. */
function payloadOf(value: object, name: string, mask: RunMask): PayloadOf {
  const type = "type" in value ? value.type : undefined;
  const jobId = "jobId" in value && typeof value.jobId === "string" ? value.jobId : undefined;
  const said = "jobType" in value && typeof value.jobType === "string" ? value.jobType : undefined;
  const jobType = said ?? (jobId === undefined ? undefined : mask.jobType(jobId));
  if (name === "details") return { of: "details", jobType };
  if (name === "payload") {
    const signal = "name" in value && typeof value.name === "string" ? value.name : "";
    return { of: "signal", name: signal };
  }
  const isOfJob = jobType !== undefined || jobId !== undefined || type === "CompensationRegistered";
  if (isOfJob) return { of: name === "input" ? "jobInput" : "jobOutput", jobType };
  return { of: name === "input" ? "input" : "output" };
}
