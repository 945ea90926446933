import type { Position } from "@downbeat/message-log";
import { type AuditEntry, auditEntryOf, encodeAuditEntry, readableAuditEntry } from "@downbeat/protocol";
import { inTime } from "../shared/in-time.ts";

export interface AuditWriterOptions {
  /** Resolves when the log holds it. */
  readonly send: (payload: Uint8Array) => Promise<Position | undefined>;
  readonly newId: () => string;
  readonly now: () => number;
  /** When the log begins not to take entries, with the one that it did not take first; and `undefined` when it takes them again. */
  readonly onTrouble?: (trouble: AuditTrouble | undefined) => void;
  /** Of each entry that nobody will write any more. */
  readonly onLost?: (entry: AuditEntry) => void;
  /** How long one sending may take, ms. */
  readonly patienceMs?: number;
  /** Between two attempts, ms. */
  readonly pauseMs?: number;
  readonly mostWaiting?: number;
  /** What an earlier writer lost: the log is told with the first entry that it takes. */
  readonly lostBefore?: number;
}

export interface AuditTrouble {
  /** Ms since the epoch. */
  readonly since: number;
  readonly waiting: number;
  /** That were not kept, as too many waited. */
  readonly lost: number;
  readonly why: string;
}

/** `late`: it is written later, as what was asked for. `away`: the log takes nothing, and it is kept nowhere. */
export type NotedFirst = "written" | "late" | "away";

const batch = 100;
const loss = "audit.lose";

/**
 * Writes what people did after it was done: nobody waits for it, and while the log takes nothing it is kept here and sent again and again. What nothing
 * but the audit tells of is written before it is done, or not done.
 */
export class AuditWriter {
  readonly #o: AuditWriterOptions;
  readonly #waiting: { readonly entry: AuditEntry; readonly written: () => void }[] = [];
  #sending: Promise<void> | undefined;
  #failed: { readonly since: number; readonly why: string } | undefined;
  /** Since the log was last told. */
  #lost: number;
  #closed = false;
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(options: AuditWriterOptions) {
    this.#o = options;
    this.#lost = options.lostBefore ?? 0;
  }

  /** Entries that the log hasn't been told are missing. */
  get lost(): number {
    return this.#lost;
  }

  /** `undefined` while the log takes what there is. */
  get trouble(): AuditTrouble | undefined {
    return this.#failed && { ...this.#failed, waiting: this.#waiting.length, lost: this.#lost };
  }

  /** Resolves when the log has what was noted so far; at once while it takes nothing. */
  async written(): Promise<void> {
    if (this.#failed === undefined) await this.#sending;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  note(entry: AuditEntry): void {
    void this.#add(entry);
  }

  /** Resolves when the log holds it, or with why it doesn't: what was to be done is not done then. */
  async noteFirst(entry: AuditEntry): Promise<NotedFirst> {
    if (this.#failed !== undefined || this.#closed) return "away";
    const { patienceMs = 5_000 } = this.#o;
    try {
      await inTime(this.#add(entry), patienceMs);
      return "written";
    } catch {
      return "late";
    }
  }

  /** Tries once more to write what waits, for so long (ms); what is left is told to `onLost`. */
  async close(withinMs = 500): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    // What is late, and what fails, is among what is left.
    if (this.#sending !== undefined) await inTime(this.#sending, withinMs).catch(() => {});
    this.#isEnded = true;
    for (const { entry } of this.#waiting.splice(0)) this.#lose(entry);
  }

  #lose(entry: AuditEntry): void {
    this.#lost += entry.verb === loss ? Number(entry.given?.[0]?.is ?? 0) : 1;
    this.#o.onLost?.(entry);
  }

  #add(entry: AuditEntry): Promise<void> {
    const { mostWaiting = 10_000 } = this.#o;
    // Nobody sends any more.
    if (this.#isEnded || this.#waiting.length >= mostWaiting) {
      this.#lose(entry);
      return new Promise(() => {});
    }
    // What no reader takes would be in the log for nothing.
    const readable = readableAuditEntry(entry);
    return new Promise((written) => {
      this.#waiting.push({ entry: readable, written });
      this.#sending ??= this.#send().finally(() => {
        this.#sending = undefined;
      });
    });
  }

  async #send(): Promise<void> {
    const { patienceMs = 5_000 } = this.#o;
    while (this.#waiting.length > 0) {
      const these = this.#waiting.slice(0, batch);
      try {
        await inTime(
          Promise.all(these.map(({ entry }) => this.#o.send(encodeAuditEntry(entry)))),
          patienceMs,
        );
      } catch (error) {
        this.#noteFailure(error);
        if (this.#closed) return;
        await this.#pause();
        continue;
      }
      this.#waiting.splice(0, these.length);
      for (const { written } of these) written();
      this.#noteSuccess();
    }
  }

  #noteFailure(error: unknown): void {
    if (this.#failed !== undefined) return;
    const why = error instanceof Error ? error.message : String(error);
    this.#failed = { since: this.#o.now(), why };
    this.#o.onTrouble?.(this.trouble);
  }

  #noteSuccess(): void {
    if (this.#failed !== undefined) {
      this.#failed = undefined;
      this.#o.onTrouble?.(undefined);
    }
    if (this.#lost === 0 || this.#closed) return;
    const { newId, now } = this.#o;
    const given = [{ field: "entries", is: String(this.#lost) }];
    this.#lost = 0;
    const who = { id: "", name: "the server" };
    const outcome = {
      is: "failed",
      why: "The log took no entries for too long: so many are missing here.",
    } as const;
    this.note(auditEntryOf({ id: newId(), at: now(), who, verb: loss, on: [], given, outcome }));
  }

  async #pause(): Promise<void> {
    const { pauseMs = 1_000 } = this.#o;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
