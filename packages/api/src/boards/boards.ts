import {
  type BoardDefinition,
  type BoardMailMessage,
  type BoardMessage,
  type BoardSchedule,
  encodeBoardMailMessage,
  encodeBoardMessage,
  parseBoardMailMessage,
  parseBoardMessage,
  topics,
} from "@downbeat/protocol";
import { type SharedKind, SharedThings, type SharedThingsOptions } from "../shared/shared-things.ts";
import { BoardMailFold } from "./board-mail-fold.ts";

interface Content {
  readonly board: BoardDefinition;
  /** Since when it is sent at these moments. */
  readonly scheduledAt?: number;
}

const boardKind: SharedKind<BoardMessage, Content> = {
  topic: topics.boards,
  what: "the boards",
  encode: encodeBoardMessage,
  parse: parseBoardMessage,
  contentOf(message, before) {
    if (message.type === "deleted") return undefined;
    const { board, at } = message;
    const { weekly } = board;
    if (weekly === undefined) return { board };
    const isAsBefore = before?.board.weekly !== undefined && isSameMoment(before.board.weekly, weekly);
    return { board, scheduledAt: (isAsBefore ? before.scheduledAt : undefined) ?? at };
  },
  nameOf: ({ board }) => board.name,
};

function isSameMoment(one: BoardSchedule, other: BoardSchedule): boolean {
  return one.weekday === other.weekday && one.hour === other.hour && one.timeZone === other.timeZone;
}

/** What people look at together. */
export class Boards extends SharedThings<BoardMessage, Content> {
  readonly #mails: BoardMailFold;
  readonly #sending = new Set<string>();

  constructor(options: SharedThingsOptions) {
    const mails = new BoardMailFold();
    super(boardKind, options, (payload) => {
      const message = parseBoardMailMessage(payload);
      if (message !== undefined) mails.take(message);
    });
    this.#mails = mails;
  }

  /** What was sent of them, once `all` or `appendMail` has read the log. */
  get mails(): Omit<BoardMailFold, "take"> {
    return this.#mails;
  }

  /** Somebody here sends it now, by hand. @returns gives it back; `undefined` while another one does */
  claimSending(boardId: string): (() => void) | undefined {
    if (this.#sending.has(boardId)) return undefined;
    this.#sending.add(boardId);
    return () => void this.#sending.delete(boardId);
  }

  override get revision(): number {
    return super.revision + this.#mails.revision;
  }

  /** Resolves when it is durable and folded: with whether it is this one that counts. Rejects with `ApiError("unavailable")`. */
  async appendMail(message: BoardMailMessage): Promise<boolean> {
    const { boardId, mailId } = message;
    await this.appendOther(encodeBoardMailMessage(message), `${boardId}/mail`);
    return this.#mails.of(boardId).some((mail) => mail.mailId === mailId);
  }
}
