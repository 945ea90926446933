import { type AuditEntry, auditEntryOf } from "@downbeat/protocol";

/** What is counted together. */
export interface Kind {
  /** Whose budget it is taken from: one that is used up hides nothing of another's. */
  readonly budget: string;
  readonly what: string;
}

interface Repeat {
  readonly budget: string;
  readonly last: AuditEntry;
  readonly count: number;
  readonly timer: NodeJS.Timeout;
}

const minuteMs = 60_000;
/** Of one budget, told apart within a minute; whatever comes on top counts as one. */
const mostKinds = 50;
const many = { id: "", name: "many" };
/** The budget of everybody who isn't signed in. */
export const anonymous = "";

/**
 * What anybody can have happen as often as they like is told of at once, and then once a minute with how often it was: nobody fills the log with it.
 */
export class Repeated {
  readonly #note: (entry: AuditEntry) => void;
  readonly #newId: () => string;
  readonly #everyMs: number;
  readonly #open = new Map<string, Repeat>();
  /** Kinds that are open, by budget. */
  readonly #used = new Map<string, number>();

  constructor(note: (entry: AuditEntry) => void, newId: () => string, everyMs = minuteMs) {
    this.#note = note;
    this.#newId = newId;
    this.#everyMs = everyMs;
  }

  note({ budget, what }: Kind, entry: AuditEntry): void {
    const key = JSON.stringify([budget, what]);
    if (this.#open.has(key) || (this.#used.get(budget) ?? 0) < mostKinds)
      return this.#count(key, budget, entry);
    // Whoever it was and whatever they asked for: it stands for many.
    const { id, at, who, outcome } = entry;
    const isAnonymous = budget === anonymous;
    const overflow = {
      id,
      at,
      verb: "audit.overflow",
      who: isAnonymous ? many : who,
      on: [],
      outcome: { is: outcome.is },
    };
    this.#count(JSON.stringify([budget]), budget, auditEntryOf(overflow));
  }

  #count(key: string, budget: string, last: AuditEntry): void {
    const known = this.#open.get(key);
    if (known !== undefined) {
      this.#open.set(key, { ...known, last, count: known.count + 1 });
      return;
    }
    this.#note(last);
    const timer = setTimeout(() => this.#tell(key), this.#everyMs);
    timer.unref();
    this.#open.set(key, { budget, last, count: 0, timer });
    this.#used.set(budget, (this.#used.get(budget) ?? 0) + 1);
  }

  /** Tells what is still counted. */
  close(): void {
    for (const key of [...this.#open.keys()]) this.#tell(key);
  }

  #tell(key: string): void {
    const known = this.#open.get(key);
    if (known === undefined) return;
    clearTimeout(known.timer);
    this.#open.delete(key);
    const { budget, last, count } = known;
    const used = (this.#used.get(budget) ?? 1) - 1;
    if (used > 0) this.#used.set(budget, used);
    else this.#used.delete(budget);
    if (count === 0) return;
    this.#note({ ...last, id: this.#newId(), ...(count > 1 && { times: count }) });
  }
}
