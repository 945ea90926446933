import { setTimeout as pause } from "node:timers/promises";
import { beginMail, carryMail, lastDue, type Services } from "@downbeat/api";
import type { BoardView } from "@downbeat/api/views";
import type { Logger } from "pino";

export interface BoardMailWatchOptions {
  readonly services: Services;
  readonly logger: Logger;
  /** How often it looks, ms. */
  readonly everyMs?: number;
  /** Waits between the tries to send one, ms; then it has failed. */
  readonly pausesMs?: readonly number[];
}

/** What was due while no server ran is sent late, but not when it would be about another week. */
const latestMs = 24 * 3_600_000;
const defaultPausesMs = [60_000, 600_000];

/** Sends boards when they are due, as long as it is this server's turn. */
export class BoardMailWatch {
  readonly #o: BoardMailWatchOptions;
  readonly #underWay = new Set<string>();
  /** Of each board what this server began without an answer of the log, which may hold it. */
  readonly #begun = new Map<string, { readonly due: number; readonly mailId: string }>();
  readonly #closing = new AbortController();
  readonly #mailings = new Set<Promise<void>>();
  #last: Promise<unknown> = Promise.resolve();
  #trouble: string | undefined;
  readonly #troubles = new Map<string, string>();
  /** The moment for which each waits for the read model. */
  readonly #waiting = new Map<string, number>();

  constructor(options: BoardMailWatchOptions) {
    this.#o = options;
  }

  /** What isn't sent by then is left to others. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#mailings);
  }

  /** As long as it is this server's turn it begins; what it has begun, it brings to its end. */
  async look(signal: AbortSignal): Promise<void> {
    const { logger, everyMs = 20_000 } = this.#o;
    while (!signal.aborted) {
      try {
        await this.#lookOnce(signal);
        this.#trouble = undefined;
      } catch (error) {
        const { message } = error as Error;
        if (this.#trouble !== message) logger.warn({ err: error }, "boards that are due can't be looked for");
        this.#trouble = message;
      }
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #lookOnce(signal: AbortSignal): Promise<void> {
    const { services, logger } = this.#o;
    for (const view of await services.boards.all()) {
      if (signal.aborted) return;
      try {
        this.#lookAt(view);
        this.#troubles.delete(view.id);
      } catch (error) {
        // Such as a time zone that this server doesn't know: the others are sent.
        const { message } = error as Error;
        if (this.#troubles.get(view.id) !== message)
          logger.warn({ err: error, boardId: view.id }, "when a board is due can't be told");
        this.#troubles.set(view.id, message);
      }
    }
  }

  #lookAt(view: BoardView): void {
    const { services } = this.#o;
    const { boards, now } = services;
    const { weekly } = view.board;
    if (weekly === undefined || this.#underWay.has(view.id)) return;
    const due = lastDue(weekly, now());
    // Who sets a schedule wants the next one, not the one before.
    if (due < (view.scheduledAt ?? view.savedAt) || now() - due > latestMs) return;
    const begun = this.#begun.get(view.id);
    const mailId = begun?.due === due ? begun.mailId : services.newId();
    const last = boards.mails.of(view.id).find((mail) => mail.mailId === mailId);
    const isOurs = last?.outcome === "begun";
    if (!isOurs && boards.mails.isBegun(view.id, due, now())) return;
    // Figures of a read model that is behind would be wrong for good: there is a day to catch up in.
    if (!services.feed.freshness().live) return this.#waits(view.id, due);
    this.#begun.set(view.id, { due, mailId });
    const mailing = this.#mail(view, due, mailId).finally(() => {
      this.#underWay.delete(view.id);
      this.#mailings.delete(mailing);
    });
    this.#underWay.add(view.id);
    this.#mailings.add(mailing);
  }

  async #mail(view: BoardView, due: number, mailId: string): Promise<void> {
    const { services, logger, pausesMs = defaultPausesMs } = this.#o;
    const boardId = view.id;
    try {
      const counts = await beginMail(services, { view, due, mailId });
      // From here on nobody begins it again, whatever comes of it.
      this.#begun.delete(boardId);
      if (!counts) return;
      const of = { boardId, mailId, pausesMs, signal: this.#closing.signal, inTurn: this.#inTurn };
      const mail = await carryMail(services, of);
      if (mail?.outcome === "failed" || mail?.outcome === "notSent")
        logger.warn({ boardId, problem: mail.problem }, "a board could not be sent");
    } catch (error) {
      logger.warn({ err: error, boardId }, "that a board is sent, or what came of it, can't be kept");
    }
  }

  readonly #inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  };

  #waits(boardId: string, due: number): void {
    if (this.#waiting.get(boardId) === due) return;
    this.#waiting.set(boardId, due);
    const { note } = this.#o.services.feed.freshness();
    this.#o.logger.warn({ boardId, note }, "a board is due, and waits for what is not read yet");
  }
}
