import type { DatabaseSync } from "node:sqlite";
import type { Saving } from "./state-store.ts";

/** The transaction that is under way in a file: one at a time, for all that is kept there. */
export class SqliteTransactions {
  readonly #db: DatabaseSync;
  #current: SqliteSaving | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @param write a step of it at a time; the last one is followed by the commit */
  saving(write: () => Iterable<unknown>): Saving {
    return new SqliteSaving(this.#db, write, {
      begin: (saving) => {
        this.#current = saving;
      },
      end: () => {
        this.#current = undefined;
      },
      current: () => this.#current,
    });
  }

  /** Brings what is under way to its end. If that fails, whoever began it is told. */
  settle(): void {
    this.#current?.settle();
  }
}

interface Turn {
  readonly begin: (saving: SqliteSaving) => void;
  readonly end: () => void;
  readonly current: () => SqliteSaving | undefined;
}

class SqliteSaving implements Saving {
  readonly #db: DatabaseSync;
  readonly #write: () => Iterable<unknown>;
  readonly #turn: Turn;
  #steps: Iterator<unknown> | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(db: DatabaseSync, write: () => Iterable<unknown>, turn: Turn) {
    this.#db = db;
    this.#write = write;
    this.#turn = turn;
  }

  goOn(isOver: () => boolean = () => false): boolean {
    // Somebody else's first: who waits for it helps.
    for (let first = this.#turn.current(); first !== undefined; first = this.#turn.current())
      if (!first.#advance(isOver)) return false;
    const isDone = this.#advance(isOver);
    if (this.#failure !== undefined) throw this.#failure.error;
    return isDone;
  }

  settle(): void {
    this.#advance(() => false);
  }

  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = { error: new Error("The save was abandoned.") };
    if (this.#steps !== undefined) this.#rollBack();
  }

  /** Keeps what makes it fail for whoever began it. @returns whether it is over */
  #advance(isOver: () => boolean): boolean {
    if (this.#isOver) return true;
    try {
      if (this.#steps === undefined) {
        this.#db.exec("BEGIN");
        this.#turn.begin(this);
        this.#steps = this.#write()[Symbol.iterator]();
      }
      while (this.#steps.next().done !== true) if (isOver()) return false;
      this.#db.exec("COMMIT");
      this.#turn.end();
    } catch (error) {
      this.#failure = { error };
      this.#rollBack();
    }
    this.#isOver = true;
    return true;
  }

  #rollBack(): void {
    this.#turn.end();
    // A full disk may have ended it already.
    if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
  }
}
