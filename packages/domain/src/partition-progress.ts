/** What the log says of a partition's inbox at one moment. */
export interface InboxLook {
  /** By a clock that need not be right: ms. */
  readonly at: number;
  /** Messages that are not acknowledged. */
  readonly waiting: number;
  /** Whether an engine is connected to it. */
  readonly hasOwner: boolean;
}

/** How long a partition has not done what it is there for; 0 while it does. */
export interface PartitionFigures {
  readonly waiting: number;
  /** For so long messages wait and none is decided, ms. */
  readonly stalledMs: number;
  /** For so long no engine is connected to it, ms. */
  readonly unownedMs: number;
}

/** What is known of a partition: its figures, or for how long and why they can't be told. Before the first look neither is there. */
export interface PartitionSight extends Partial<PartitionFigures> {
  readonly unknown?: Unknown;
}

export interface Unknown {
  /** ms */
  readonly forMs: number;
  /** In a sentence without its capital and stop. */
  readonly why: string;
}

/**
 * Whether a partition's commands are decided, as it can be seen from outside. Only time between looks that follow closely on one another counts: who was
 * paused, or whose clock was set, raises no alarm. A partition in which nothing waits may be silent forever.
 */
export class PartitionProgress {
  readonly #longestGapMs: number;
  #last: InboxLook | undefined;
  #missed: { readonly at: number; readonly unknown: Unknown } | undefined;
  #decided = false;
  #stalledMs = 0;
  #unownedMs = 0;

  /** @param longestGapMs so much time counts at most between two looks */
  constructor(longestGapMs: number) {
    this.#longestGapMs = longestGapMs;
  }

  /** A record of decisions was accepted. A claim is none: an owner that claims again and again gets nothing done. */
  decided(): void {
    this.#decided = true;
    this.#stalledMs = 0;
  }

  look(look: InboxLook): void {
    const before = this.#last;
    this.#last = look;
    this.#missed = undefined;
    const elapsed = this.#elapsed(before?.at, look.at);
    // Fewer than before: some were settled without a decision, as repeated ones are.
    const waits =
      before !== undefined && before.waiting > 0 && look.waiting >= before.waiting && !this.#decided;
    this.#stalledMs = waits ? this.#stalledMs + elapsed : 0;
    this.#unownedMs = look.hasOwner || before?.hasOwner === true ? 0 : this.#unownedMs + elapsed;
    this.#decided = false;
  }

  /** It could not be looked at: nothing is known any more, as before the first look. */
  miss(at: number, why: string): void {
    const before = this.#missed;
    const forMs = (before?.unknown.forMs ?? 0) + this.#elapsed(before?.at, at);
    this.#missed = { at, unknown: { forMs, why } };
    this.#last = undefined;
    this.#stalledMs = 0;
    this.#unownedMs = 0;
  }

  get sight(): PartitionSight {
    if (this.#missed !== undefined) return { unknown: this.#missed.unknown };
    if (this.#last === undefined) return {};
    return { waiting: this.#last.waiting, stalledMs: this.#stalledMs, unownedMs: this.#unownedMs };
  }

  #elapsed(from: number | undefined, to: number): number {
    return from === undefined ? 0 : Math.min(Math.max(0, to - from), this.#longestGapMs);
  }
}
