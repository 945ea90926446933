import {
  type BoardDefinition,
  type BoardMessage,
  encodeBoardMessage,
  parseBoardMessage,
  topics,
} from "@downbeat/protocol";
import { type SharedKind, SharedThings, type SharedThingsOptions } from "../shared/shared-things.ts";

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
  constructor(options: SharedThingsOptions) {
    super(boardKind, options);
  }
}
