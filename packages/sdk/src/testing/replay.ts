import { inCodesOrder } from "@downbeat/domain";
import { parseRunEvents, type RecordedEvent } from "@downbeat/protocol";
import { z } from "zod";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import { Payloads } from "../codec/payloads.ts";
import { Coroutine } from "../decisions/coroutine.ts";
import { Drain } from "../decisions/drain.ts";
import { followCombinators } from "../decisions/follow-combinators.ts";
import { setUpSurroundings } from "../decisions/surroundings/set-up.ts";
import { isWorkflow } from "../decisions/threads/options.ts";
import { shownText } from "../thrown/shown-value.ts";
import type { AnyWorkflow } from "../workflow.ts";

followCombinators();
setUpSurroundings();

/** The code asks for something else than what the history has, or can't go on from it. */
export class HistoryDivergedError extends Error {
  override readonly name = "HistoryDivergedError";
  /** Number of the event; the last one of the history where the code can't go on from there. */
  readonly seq: number;
  /** What the history has there. */
  readonly history: string;
  /** What the code does instead. */
  readonly code: string;

  constructor(runId: string, seq: number, history: string, code: string) {
    super(
      `The code does not fit the history of ${runId}, from event ${seq} on.\n  history: ${history}\n  code:    ${code}`,
    );
    this.seq = seq;
    this.history = history;
    this.code = code;
  }
}

export interface ReplayOptions {
  /** Of the run, where the history doesn't say it and the code uses it. */
  readonly runId?: string;
  /** By which the history's payloads are encrypted. */
  readonly codec?: PayloadCodec;
}

/**
 * Runs the code of a workflow over a recorded history, and sees whether it comes to the same requests. For histories of runs that must still go on after a
 * deployment: keep some in files, and replay them in your tests.
 *
 * @param history what `run.history()` gives or `downbeat runs show <run id> --events --json` prints: as text, as an object, or its list of events alone
 * @throws HistoryDivergedError where history and code part, with both sides
 * @throws PayloadUnreadableError where a payload is encrypted, and can't be decrypted by the codec that is given
 * @throws TypeError for what is no history or no workflow, RangeError for a history of another workflow
 */
export async function replay(
  history: unknown,
  workflow: AnyWorkflow,
  options: ReplayOptions = {},
): Promise<void> {
  if (!isWorkflow(workflow))
    throw new TypeError(
      `replay() needs the workflow, as workflow() made it; it got ${shownText(workflow, 100)}.`,
    );
  const recorded = readExported(history);
  const first = recorded.events[0]?.event;
  if (first?.type !== "RunStarted") throw notAHistory("its first event is no RunStarted");
  if (first.workflow !== workflow.name)
    throw new RangeError(
      `The history is one of ${first.workflow}, and the code is that of ${workflow.name}.`,
    );
  const runId = recorded.runId ?? options.runId ?? "replayed";
  const events = inCodesOrder(await new Payloads(options.codec).plainEvents(recorded.events));
  const coroutine = new Coroutine(runId, workflow, { onStray: () => {}, onLine: () => {} });
  // The engine ends without its code what the code has no say in any more.
  const givenUp = events.findIndex(({ event }) => event.type === "CodeGivenUp");
  const end = givenUp < 0 ? events.length : givenUp;
  const drain = new Drain();
  while (coroutine.feed(events, end, 0)) {
    await new Promise<void>((resolve) => drain.whenDrained(resolve));
    coroutine.settle();
  }
  const { divergence } = coroutine;
  if (divergence !== undefined)
    throw new HistoryDivergedError(runId, divergence.seq, divergence.history, divergence.code);
  const stuck = givenUp < 0 ? coroutine.answer().find(({ type }) => type === "GetStuck") : undefined;
  if (stuck?.type !== "GetStuck") return;
  const { name, message } = stuck.failure;
  const last = events.at(-1);
  throw new HistoryDivergedError(
    runId,
    last?.seq ?? 0,
    `ends with ${last?.event.type}`,
    `gets stuck: ${name}: ${message}`,
  );
}

const recordedEvent = z.object({
  seq: z.number().int().min(1),
  at: z.number().nonnegative(),
  event: z.looseObject({ type: z.string() }),
});
const exported = z.object({ runId: z.string().optional(), events: z.array(recordedEvent) });
const anyHistory = z.union([
  z.array(recordedEvent).transform((events) => ({ runId: undefined, events })),
  exported,
]);

function readExported(history: unknown): { runId?: string | undefined; events: readonly RecordedEvent[] } {
  const read = anyHistory.safeParse(typeof history === "string" ? json(history) : history);
  if (!read.success)
    throw notAHistory(
      "it is no list of events, each with its seq, at and event, nor an object with such `events`",
    );
  const { runId, events } = read.data;
  const parsed = parseRunEvents(events.map(({ event }) => event));
  if (parsed === undefined) throw notAHistory("an event of it is none that this version knows");
  const all = parsed.map((event, index) => ({ seq: index + 1, at: 0, ...events[index], event }));
  const gap = all.find(({ seq }, index) => seq !== index + 1);
  if (gap !== undefined) throw notAHistory(`an event before number ${gap.seq} is missing`);
  return { runId, events: all };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAHistory("the text is no JSON");
  }
}

function notAHistory(why: string): TypeError {
  const how = "Export one with `downbeat runs show <run id> --events --json`, or by run.history() in a test.";
  return new TypeError(`That is no history to replay: ${why}. ${how}`);
}
