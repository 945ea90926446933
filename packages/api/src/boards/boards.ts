import {
  type BoardDefinition,
  type BoardMailMessage,
  type BoardMessage,
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
}

const boardKind: SharedKind<BoardMessage, Content> = {
  topic: topics.boards,
  what: "the boards",
  encode: encodeBoardMessage,
  parse: parseBoardMessage,
  contentOf: (message) => (message.type === "deleted" ? undefined : { board: message.board }),
  nameOf: ({ board }) => board.name,
};

/** What people look at together. */
export class Boards extends SharedThings<BoardMessage, Content> {
  readonly #mails: BoardMailFold;

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
