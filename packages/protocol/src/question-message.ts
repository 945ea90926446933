import { hashString } from "@downbeat/domain";
import { z } from "zod";
import type { RecordedEvent } from "./decision-service.ts";
import * as f from "./fields.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";
import { type Malformed, parseEach } from "./parse-each.ts";
import { reasonOf } from "./reason.ts";
import { runEvent } from "./run-event.ts";

/** What the code of a run is asked, over `decisions-<workflow>`: "this happened; what next?" */
export interface AskedQuestion {
  readonly runId: string;
  readonly workflow: string;
  /** Number of the last event that it tells. The answer names it. */
  readonly upTo: number;
  readonly attempt: number;
  /** Id of the answer that it goes on from; absent: it tells all from the beginning. */
  readonly continues?: string;
  /** In the order in which the code hears of them, see `inCodesOrder`. With `continues`, those that the answer had not heard of. */
  readonly events: readonly RecordedEvent[];
  /** Which of several messages it is, from 1, where its events don't fit into one. */
  readonly part?: { readonly number: number; readonly of: number };
  /** Only workers of that build are to answer. */
  readonly build?: string;
  /** A signal that its schemas don't take is passed over: every build that is there was asked. */
  readonly passesOver?: true;
  /** How often workers ended with it in hand. */
  readonly ends?: number;
  /** It is known that it is put to the code now; `false`: the engine is to be told so before, where the log forgets. Absent where the engine knows nothing of that. */
  readonly begins?: boolean;
}

const question = z.object({
  runId: f.runId,
  workflow: f.name,
  upTo: f.seq,
  attempt: f.attempt,
  continues: f.commandId.exactOptional(),
  events: z.array(z.object({ seq: f.seq, at: f.time, event: runEvent })),
  part: z.object({ number: f.seq, of: f.seq }).exactOptional(),
  build: f.shortText.exactOptional(),
  passesOver: z.literal(true).exactOptional(),
  ends: f.seq.exactOptional(),
  begins: z.boolean().exactOptional(),
});

const isQuestion = keptAsItIs(question) as (json: unknown) => json is AskedQuestion;

/** Questions of several runs travel together. Each is parsed on its own. */
export const questionMessage = z.object({ questions: z.array(question).min(1) });
const envelope = z
  .object({ questions: z.array(z.unknown()).min(1).max(10_000) })
  .transform(({ questions }) => questions);

export interface ParsedQuestions {
  readonly questions: readonly AskedQuestion[];
  readonly malformed: readonly Malformed[];
}

/** @param questions as JSON */
export function questionMessageOf(questions: readonly string[]): Uint8Array {
  return Buffer.from(`{"questions":[${questions.join(",")}]}`);
}

export function parseQuestionMessage(bytes: Uint8Array): ParsedQuestions {
  const { values, malformed } = parseEach(bytes, envelope, parseQuestion);
  return { questions: values, malformed };
}

function parseQuestion(candidate: unknown): { value: AskedQuestion } | { reason: string } {
  if (isQuestion(candidate)) return { value: candidate };
  const parsed = question.safeParse(candidate);
  return parsed.success ? { value: parsed.data as AskedQuestion } : { reason: reasonOf(parsed.error) };
}

/** Of questions in one message: a message of the log holds more, base64 around it. */
export const mostQuestionBytes = 400_000;

/** The question as JSON, in as many pieces as there must be messages. */
export function questionParts(asked: AskedQuestion): readonly string[] {
  const whole = JSON.stringify(asked);
  if (Buffer.byteLength(whole) <= mostQuestionBytes) return [whole];
  const parts: RecordedEvent[][] = [[]];
  let bytes = 0;
  for (const event of asked.events) {
    const length = Buffer.byteLength(JSON.stringify(event));
    if (bytes > 0 && bytes + length > mostQuestionBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(event);
    bytes += length;
  }
  return parts.map((events, index) =>
    JSON.stringify({ ...asked, events, part: { number: index + 1, of: parts.length } }),
  );
}

const keys = 32;

/**
 * The same for all questions of a run: so the same worker is asked, as long as it is there.
 *
 * @param turn another number, for another worker
 */
export function questionKey(runId: string, turn = 0): string {
  return `q${(hashString(runId) + turn) % keys}`;
}
