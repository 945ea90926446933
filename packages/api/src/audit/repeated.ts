import type { AuditEntry } from "@downbeat/protocol";

interface Repeat {
  readonly last: AuditEntry;
  readonly count: number;
  readonly timer: NodeJS.Timeout;
}

const minuteMs = 60_000;
/** Told apart within a minute; whatever comes on top counts as one. */
const mostKinds = 200;
const others = "";

/**
 * What anybody can have happen as often as they like is told of at once, and then once a minute with how often it was: nobody fills the log with it.
 */
export class Repeated {
  readonly #note: (entry: AuditEntry) => void;
  readonly #newId: () => string;
  readonly #everyMs: number;
  readonly #open = new Map<string, Repeat>();

  constructor(note: (entry: AuditEntry) => void, newId: () => string, everyMs = minuteMs) {
    this.#note = note;
    this.#newId = newId;
    this.#everyMs = everyMs;
  }

  /** @param kind entries of one are counted together */
  note(kind: string, entry: AuditEntry): void {
    const isKnown = this.#open.has(kind);
    const key = isKnown || this.#open.size < mostKinds ? kind : others;
    const known = this.#open.get(key);
    if (known !== undefined) {
      const last = key === others ? { ...entry, who: { id: "", name: "many" }, on: [] } : entry;
      this.#open.set(key, { ...known, last, count: known.count + 1 });
      return;
    }
    this.#note(entry);
    const timer = setTimeout(() => this.#tell(key), this.#everyMs);
    timer.unref();
    this.#open.set(key, { last: entry, count: 0, timer });
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
    const { last, count } = known;
    if (count === 0) return;
    this.#note({ ...last, id: this.#newId(), ...(count > 1 && { times: count }) });
  }
}
