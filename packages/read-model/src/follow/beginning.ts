import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import {
  comparePositions,
  type MessageLog,
  type Position,
  type ReadFrom,
  readRange,
} from "@downbeat/message-log";
import { AcceptedMidway, readRecord } from "@downbeat/protocol";

/** Where to begin reading a partition of history, and which of its records count from there on. */
export interface Beginning {
  readonly from: ReadFrom;
  readonly cursor: AcceptCursor;
  /** Everything published after this time is read, ms since the epoch; 0: everything. */
  readonly publishedAt: number;
}

const firstLookBackMs = 60_000;
/** Records looked at after the beginning for a proof; when these don't hold one, it is looked for further back. */
const mostAfter = 2_000;

const whole: Beginning = { from: "earliest", cursor: emptyCursor, publishedAt: 0 };

/**
 * The last record at or before the time that certainly counts (`AcceptedMidway`). Looks further and further back until there is one, to the partition's
 * beginning if need be.
 *
 * @param timeMs when the log took what is wanted first
 */
export async function beginningAt(
  log: MessageLog,
  topic: string,
  timeMs: number,
  signal?: AbortSignal,
): Promise<Beginning> {
  const end = await log.lastPosition(topic);
  const first = await log.positionAt(topic, 0);
  if (end === undefined || first === undefined) return whole;
  const boundary = (await log.positionAt(topic, timeMs)) ?? end;
  if (comparePositions(boundary, first) <= 0) return whole;
  let before: Position | undefined;
  for (let lookBack = firstLookBackMs; ; lookBack *= 2) {
    const start = await log.positionAt(topic, timeMs - lookBack);
    const isFirst = start === undefined || comparePositions(start, first) <= 0;
    if (!isFirst && start === before) continue;
    before = start;
    const from: ReadFrom = isFirst || start === undefined ? "earliest" : { after: start };
    const found = await proven(log, topic, { from, boundary, end, signal });
    if (found !== undefined) return found;
    if (from === "earliest") return whole;
  }
}

interface Scan {
  readonly from: ReadFrom;
  readonly boundary: Position;
  readonly end: Position;
  readonly signal: AbortSignal | undefined;
}

async function proven(
  log: MessageLog,
  topic: string,
  { from, boundary, end, signal }: Scan,
): Promise<Beginning | undefined> {
  if (from !== "earliest" && from !== "latest" && comparePositions(from.after, end) >= 0) return undefined;
  const midway = new AcceptedMidway();
  const places: { readonly position: Position; readonly publishedAt: number }[] = [];
  let upTo = -1;
  let after = 0;
  await readRange(log, topic, { from, to: end, signal }, (message) => {
    const { position, publishTime } = message;
    const record = readRecord(message);
    const isAfter = comparePositions(position, boundary) > 0;
    if (isAfter) after++;
    if (!("unreadable" in record)) {
      midway.show(record);
      places.push({ position, publishedAt: publishTime });
      if (!isAfter) upTo = places.length - 1;
    }
    // A proof may come with what is after.
    return isAfter && (after >= mostAfter || (after % 20 === 1 && midway.last(upTo) !== undefined));
  });
  const found = midway.last(upTo);
  const place = found === undefined ? undefined : places[found.index];
  if (found === undefined || place === undefined) return undefined;
  return { from: { after: place.position }, cursor: found.cursor, publishedAt: place.publishedAt };
}
