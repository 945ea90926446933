import { comparePositions, LogError, type Position, parsePosition } from "@downbeat/message-log";
import type { Freshness } from "../views.ts";

interface PartitionFreshness {
  /** Everything published before this time is in the cache. */
  completeTo: number;
  /** Where the log ended when it was asked last. */
  end: Position | undefined;
  position: Position | undefined;
  caughtUpOnce: boolean;
}

/** How far the cache is behind the log, from what was read and from asking the log for its last position now and then. */
export class FreshnessTracker {
  readonly #partitions = new Map<number, PartitionFreshness>();

  get caughtUp(): boolean {
    return this.#partitions.size > 0 && [...this.#partitions.values()].every((state) => state.caughtUpOnce);
  }

  /** Whether the log had more when it was asked last. */
  isBehind(partition: number): boolean {
    const state = this.#partitions.get(partition);
    return state !== undefined && behind(state) > 0;
  }

  /** The message at this position, published at this time, is in the cache: so is everything before it. */
  applied(partition: number, publishedAt: number, position: Position): void {
    const state = this.#state(partition);
    state.position = position;
    state.completeTo = Math.max(state.completeTo, publishedAt - 1);
    // Known only once the log has been asked.
    if (state.end !== undefined && behind(state) === 0) state.caughtUpOnce = true;
  }

  /** @param askedAt when the log was asked for its end: what came later is not known of */
  checked(
    partition: number,
    askedAt: number,
    end: Position | undefined,
    position: Position | undefined,
  ): void {
    const state = this.#state(partition);
    state.end = end;
    state.position = position;
    if (behind(state) > 0) return;
    state.caughtUpOnce = true;
    state.completeTo = Math.max(state.completeTo, askedAt);
  }

  /** @param trouble why the log could not be asked last */
  freshness(connected: boolean, now: number, trouble?: Error): Freshness {
    const states = [...this.#partitions.values()];
    const completeTo = states.length === 0 ? 0 : Math.min(...states.map((state) => state.completeTo));
    const missing = states.reduce((sum, state) => sum + behind(state), 0);
    const live = connected && this.caughtUp && now - completeTo < staleAfterMs;
    const note = live
      ? undefined
      : trouble !== undefined
        ? troubleNote(connected, trouble)
        : noteOf(connected, this.caughtUp, missing);
    return { completeTo, behind: missing, live, ...(note !== undefined && { note }) };
  }

  #state(partition: number): PartitionFreshness {
    let state = this.#partitions.get(partition);
    if (state === undefined) {
      state = { completeTo: 0, end: undefined, position: undefined, caughtUpOnce: false };
      this.#partitions.set(partition, state);
    }
    return state;
  }
}

const staleAfterMs = 5_000;

function troubleNote(connected: boolean, trouble: Error): string {
  const code = trouble instanceof LogError ? trouble.code : undefined;
  if (!connected && code === "missing")
    return "The log has no history topics yet; they come with the first engine, or with downbeat setup.";
  // What was asked, before the colon, is for logs.
  const why = trouble.message.replace(/^[^:]*: /, "").replace(/\.$/, "");
  const what = connected
    ? "The server can't ask the log how far it is"
    : code === "unauthorized"
      ? "The log refuses the server's credentials"
      : "The server has no connection to the log";
  return `${what}; what is shown may be old: ${why}.`;
}

function noteOf(connected: boolean, caughtUp: boolean, behind: number): string {
  if (!connected) return "The server has no connection to the log; what is shown may be old.";
  if (!caughtUp)
    return `History is being read${behind > 0 ? `: about ${behind} ${behind === 1 ? "record" : "records"} to go` : ""}.`;
  return "The server is behind the log; what is shown may be old.";
}

/** Records to go, exact within a segment of the log, otherwise at least. */
function behind({ position, end }: PartitionFreshness): number {
  if (end === undefined) return 0;
  if (position !== undefined && comparePositions(position, end) >= 0) return 0;
  const to = parsePosition(end);
  if (position === undefined) return to.entry + 1;
  const from = parsePosition(position);
  return Math.max(1, from.ledger === to.ledger ? to.entry - from.entry : to.entry + 1);
}
