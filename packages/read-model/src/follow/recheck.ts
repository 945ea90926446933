import { type Clock, type ConnectionState, type Position, parsePosition } from "@downbeat/message-log";

export interface RecheckOptions {
  readonly clock: Clock;
  /** Why what is read now is another log than before; `undefined` when it isn't. Rejects when that can't be told yet. */
  readonly check: () => Promise<string | undefined>;
  readonly isClosed: () => boolean;
  /** Whether the end of the log was reached: what is read on the way there has many segments. */
  readonly isAtEnd: () => boolean;
  readonly onMismatch: (why: string) => void;
}

const againMs = 500;

/**
 * A topic may be deleted and made again while it is followed: while there is no connection, or behind a proxy that keeps the connection. In both cases what comes
 * then is in another segment. So nothing of a new connection or a new segment is taken before the topic is known to be the same.
 */
export class Recheck {
  readonly #o: RecheckOptions;
  #hasBeenConnected = false;
  #isDue = false;
  #segment: number | undefined;
  #checking: Promise<void> | undefined;

  constructor(options: RecheckOptions) {
    this.#o = options;
  }

  stateChanged(state: ConnectionState): void {
    if (state === "connecting") {
      this.#isDue ||= this.#hasBeenConnected;
      return;
    }
    this.#hasBeenConnected = true;
    if (this.#isDue) void this.#checked();
  }

  /** Takes the message, at once or when the check is over. */
  before(position: Position, take: () => void): void | Promise<void> {
    const { ledger } = parsePosition(position);
    const isNew = this.#segment !== undefined && this.#segment !== ledger;
    this.#isDue ||= isNew && this.#o.isAtEnd();
    this.#segment = ledger;
    return this.#isDue ? this.#checked().then(() => (this.#o.isClosed() ? undefined : take())) : take();
  }

  #checked(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(): Promise<void> {
    const { clock, check, isClosed, onMismatch } = this.#o;
    while (!isClosed()) {
      try {
        const why = await check();
        if (why !== undefined) onMismatch(why);
        this.#isDue = false;
        return;
      } catch {
        // It can't be asked now. The reader's own connection says why.
        await new Promise<void>((resolve) => void clock.setTimer(resolve, againMs));
      }
    }
  }
}
