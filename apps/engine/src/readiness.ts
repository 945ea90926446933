import { troubleAfterMs, troubleOf, troubleSentence } from "@downbeat/domain";
import { type Clock, type Engine, isForKeys, type Witness } from "@downbeat/engine";
import type { InboxWatch } from "./inbox-watch.ts";

export interface ReadyState {
  readonly ready: boolean;
  readonly partitions: readonly PartitionState[];
  /** Topics that take nothing now, and what the log says: what goes there is tried again, everything else goes on. */
  readonly refusing?: readonly { readonly topic: string; readonly reason: string }[];
  /** What needs a second person to this engine (`terminate,bulk`, or `nothing`), once it runs. */
  readonly secondPerson?: string;
  /** Why it is not ready, in a sentence. */
  readonly problem?: string;
}

export interface PartitionState {
  readonly partition: number;
  /** What this process does there. */
  readonly mode: Engine["modes"][number];
  /** Whose it is: of the log's claims the last, or who the log gives its messages to. */
  readonly owner?: string;
  /** Messages in its inbox that are not settled; absent when the log doesn't say. */
  readonly waiting?: number;
  /** For so long messages wait and none is decided, ms; absent when that can't be told. */
  readonly stalledMs?: number;
  /** For so long, and why, neither can be told. */
  readonly unknown?: { readonly forMs: number; readonly why: string };
  /** For so long this process has appended a record that nobody else sees as accepted, ms. */
  readonly unseenMs: number;
  /** Why this process never decides there, in a sentence, where a newer version has. */
  readonly heldBack?: string;
  /** From when on its history is in the log, where what was before is gone; no problem for what goes on. */
  readonly historyFrom?: string;
  /** What is wrong, in a sentence. */
  readonly problem?: string;
}

export interface RunningEngine {
  readonly engine: Pick<Engine, "modes" | "owners" | "refusals" | "heldBack">;
  readonly name: string;
  readonly secondPerson?: string;
  readonly witness: Pick<Witness, "unseenMs" | "trouble">;
  readonly inboxes: Pick<InboxWatch, "progress" | "owner">;
  readonly clock: Pick<Clock, "monotonic">;
}

/**
 * Whether this process does what it is there for, and if not, why. It does when every partition is its own, or another engine's: when it decides what
 * waits in its own, and an independent reader has seen what it appended. Once it is ready, what is over within {@link troubleAfterMs} is no trouble: so are
 * take-overs.
 */
export class Readiness {
  #onlyLog = false;
  #running: RunningEngine | undefined;
  #problem = "The engine is starting.";
  #fullDisk: string | undefined;
  readonly #dropped = new Map<number, string>();
  readonly #historyFrom = new Map<number, string>();
  /** When each partition was in order last. */
  readonly #fineAt = new Map<number, number>();

  /** @param problem `undefined`: there is room again */
  diskFull(problem: string | undefined): void {
    this.#fullDisk = problem;
  }

  waiting(problem: string): void {
    this.#problem = problem;
  }

  dropped(partition: number, reason: string): void {
    this.#dropped.set(partition, reason);
  }

  /** @param at ms since the epoch */
  beginsLate(partition: number, at: number): void {
    this.#historyFrom.set(partition, new Date(at).toISOString());
  }

  /** There is nothing but the log to run. */
  servesLog(): void {
    this.#onlyLog = true;
  }

  runs(running: RunningEngine): void {
    this.#running = running;
  }

  /** To be asked for every few seconds: it takes note of when partitions are in order. */
  get state(): ReadyState {
    const refusing = Array.from(this.#running?.engine.refusals ?? [], ([topic, reason]) => ({
      topic,
      reason,
    }));
    const state = {
      ...(this.#onlyLog ? { ready: true, partitions: [] } : this.#ofPartitions),
      ...(refusing.length > 0 && { refusing }),
      ...(this.#running?.secondPerson !== undefined && { secondPerson: this.#running.secondPerson }),
    };
    return this.#fullDisk === undefined ? state : { ...state, ready: false, problem: this.#fullDisk };
  }

  get #ofPartitions(): ReadyState {
    const running = this.#running;
    if (running === undefined) return { ready: false, partitions: [], problem: this.#problem };
    const partitions = running.engine.modes.map((mode, partition) =>
      this.#partition(running, partition, mode),
    );
    const problems = partitions.flatMap(({ problem }) => problem ?? []);
    if (partitions.length > 0 && problems.length === 0) return { ready: true, partitions };
    return { ready: false, partitions, problem: inShort(problems) };
  }

  #partition(running: RunningEngine, partition: number, mode: PartitionState["mode"]): PartitionState {
    const { engine, witness, inboxes, clock } = running;
    const { waiting, stalledMs, unknown } = inboxes.progress(partition)?.sight ?? {};
    const owner = inboxes.owner(partition) ?? engine.owners[partition];
    const newer = engine.heldBack[partition];
    const historyFrom = this.#historyFrom.get(partition);
    const state = {
      partition,
      mode,
      ...(newer !== undefined && { heldBack: heldBackSentence(partition, newer) }),
      ...(owner !== undefined && owner !== "" && { owner }),
      ...(historyFrom !== undefined && { historyFrom }),
      ...(waiting !== undefined && { waiting }),
      ...(stalledMs !== undefined && { stalledMs }),
      ...(unknown !== undefined && { unknown }),
      unseenMs: witness.unseenMs(partition),
    };
    const now = clock.monotonic();
    const trouble = this.#trouble(running, state);
    if (trouble === undefined) this.#fineAt.set(partition, now);
    const fineAt = this.#fineAt.get(partition);
    const isPassing = mode !== "owning" && fineAt !== undefined && now - fineAt < troubleAfterMs;
    return trouble === undefined || isPassing ? state : { ...state, problem: trouble };
  }

  /** At this moment. */
  #trouble({ name, witness }: RunningEngine, state: PartitionState): string | undefined {
    const { partition, mode, owner, unseenMs, heldBack } = state;
    switch (mode) {
      case "owning": {
        this.#dropped.delete(partition);
        if (unseenMs >= troubleAfterMs) {
          const why = witness.trouble(partition);
          return `Partition ${partition}: for ${Math.floor(unseenMs / 1_000)} s, what this engine appends to history is not seen there as accepted${why === undefined ? "" : ` (${why})`}.`;
        }
        return undecidedSentence(state, name);
      }
      case "following":
        // Of another engine, as the log says: what it does there is for its own readiness to say.
        if (owner !== undefined && owner !== name)
          return state.unknown === undefined ? undefined : undecidedSentence(state, owner);
        if (heldBack !== undefined) return heldBack;
        return this.#givenUp(partition) ?? `Partition ${partition}: no engine owns it yet.`;
      case "claiming":
        return this.#givenUp(partition) ?? `Partition ${partition}: its claim is not read back yet.`;
      default:
        return this.#givenUp(partition) ?? "The engine is connecting to the log.";
    }
  }

  #givenUp(partition: number): string | undefined {
    const reason = this.#dropped.get(partition);
    return reason === undefined ? undefined : `Partition ${partition} was given up: ${reason}.`;
  }
}

function undecidedSentence(state: PartitionState, owner: string): string | undefined {
  const trouble = troubleOf(state.partition, state, owner);
  // Of no number: each partition is named.
  return trouble === undefined ? undefined : troubleSentence([trouble], 0);
}

/** @param reason in a sentence without its stop */
export function heldBackSentence(partition: number, reason: string): string {
  const remedy = isForKeys(reason) ? "give it the file with all keys" : "update it";
  return `Partition ${partition}: ${reason}. This engine doesn't decide in it: ${remedy}, or stop it.`;
}

/** @param at ms since the epoch */
export function beginsLateSentence(partition: number, at: number): string {
  return `History of partition ${partition} begins on ${new Date(at).toISOString()}: what was before is gone from the log. Runs that began before and go on are set aside.`;
}

const mostSaid = 3;

/** Each once: what is wrong with all partitions is mostly one thing. */
function inShort(problems: readonly string[]): string {
  const different = [...new Set(problems)];
  const more = different.length - mostSaid;
  return more > 0
    ? `${different.slice(0, mostSaid).join(" ")} So it is with ${more} more.`
    : different.join(" ");
}
