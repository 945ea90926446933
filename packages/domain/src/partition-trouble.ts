import type { PartitionSight } from "./partition-progress.ts";

/** A partition whose commands are not decided, or of which that can't be told. */
export interface PartitionTrouble {
  readonly partition: number;
  /**
   * - `unowned`: no engine is connected.
   * - `stalled`: one is, commands wait, and none is decided.
   * - `unknown`: nobody can tell.
   */
  readonly kind: "unowned" | "stalled" | "unknown";
  /** Commands that wait; of what is unknown 0. */
  readonly waiting: number;
  /** ms */
  readonly forMs: number;
  /** Who is connected, or had it last. */
  readonly owner?: string;
  /** Why it is unknown. */
  readonly why?: string;
}

/** A take-over, a start or a slow moment is shorter. */
export const troubleAfterMs = 10_000;

export function troubleOf(
  partition: number,
  { waiting = 0, stalledMs = 0, unownedMs = 0, unknown }: PartitionSight,
  owner: string | undefined,
  afterMs: number = troubleAfterMs,
): PartitionTrouble | undefined {
  const about = { partition, waiting, ...(owner !== undefined && { owner }) };
  if (unownedMs >= afterMs) return { ...about, kind: "unowned", forMs: unownedMs };
  if (stalledMs >= afterMs) return { ...about, kind: "stalled", forMs: stalledMs };
  if (unknown !== undefined && unknown.forMs >= afterMs) return { ...about, kind: "unknown", ...unknown };
  return undefined;
}

/**
 * What is wrong, for people; `undefined` when nothing is.
 *
 * @param partitions how many there are
 */
export function troubleSentence(
  troubles: readonly PartitionTrouble[],
  partitions: number,
): string | undefined {
  const of = (kind: PartitionTrouble["kind"]) => troubles.filter((trouble) => trouble.kind === kind);
  const sentences = [
    unowned(of("unowned"), partitions),
    stalled(of("stalled")),
    unknown(of("unknown"), partitions),
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

function unowned(troubles: readonly PartitionTrouble[], partitions: number): string | undefined {
  if (troubles.length === 0) return undefined;
  const { duration, waiting } = summary(troubles);
  const waits = waiting === 0 ? "" : `; ${commandsWait(waiting)}`;
  const who =
    troubles.length === partitions && partitions > 1
      ? `None of the ${partitions} partitions has had an engine`
      : `${named(troubles)} ${troubles.length === 1 ? "has" : "have"} had no engine`;
  return `${who} for ${duration}${waits}.`;
}

function stalled(troubles: readonly PartitionTrouble[]): string | undefined {
  if (troubles.length === 0) return undefined;
  const { duration, waiting } = summary(troubles);
  const owners = [...new Set(troubles.flatMap(({ owner }) => owner ?? []))];
  const owner = owners.length === 0 ? "" : ` (owner ${owners.slice(0, mostNamed).join(", ")})`;
  return `${named(troubles)}: ${commandsWait(waiting)}, nothing was decided for ${duration}${owner}.`;
}

function unknown(troubles: readonly PartitionTrouble[], partitions: number): string | undefined {
  const [first] = troubles;
  if (first === undefined) return undefined;
  const { duration } = summary(troubles);
  const where = troubles.length === partitions ? "" : ` in ${named(troubles).replace(/^P/, "p")}`;
  const why = first.why === undefined ? "" : `: ${first.why.replace(/\.$/, "")}`;
  return `Whether commands are decided${where} can't be told, for ${duration} now${why}.`;
}

function summary(troubles: readonly PartitionTrouble[]): { duration: string; waiting: number } {
  return {
    duration: durationWords(Math.max(...troubles.map(({ forMs }) => forMs))),
    waiting: troubles.reduce((sum, trouble) => sum + trouble.waiting, 0),
  };
}

const mostNamed = 5;

/** `Partition 3`, `Partitions 0, 3 and 5`, `Partitions 0, 1, 2, 3, 4 and 11 others` */
function named(troubles: readonly PartitionTrouble[]): string {
  const numbers = troubles.map(({ partition }) => String(partition));
  if (numbers.length === 1) return `Partition ${numbers[0]}`;
  const more = numbers.length - mostNamed;
  const shown = more > 1 ? [...numbers.slice(0, mostNamed), `${more} others`] : numbers;
  return `Partitions ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function commandsWait(count: number): string {
  return count === 1 ? "1 command waits" : `${count} commands wait`;
}

function durationWords(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
