import {
  encodeSavedQueryMessage,
  parseSavedQueryMessage,
  type SavedQueryMessage,
  topics,
} from "@downbeat/protocol";
import { type SharedKind, SharedThings, type SharedThingsOptions } from "../shared/shared-things.ts";
import type { SavedQuery } from "../views.ts";

type Content = Pick<SavedQuery, "name" | "source" | "sql">;

export const queryKind: SharedKind<SavedQueryMessage, Content> = {
  topic: topics.savedQueries,
  what: "the saved queries",
  encode: encodeSavedQueryMessage,
  parse: parseSavedQueryMessage,
  contentOf(message) {
    if (message.type === "deleted") return undefined;
    const { name, source, sql } = message;
    return { name, source, sql };
  },
  nameOf: ({ name }) => name,
  isRefused: (message, there) =>
    message.replaces !== undefined &&
    message.type === "saved" &&
    namedAlike(there, message.name, message.id) !== undefined,
};

/** The queries that people saved. */
export class SavedQueries extends SharedThings<SavedQueryMessage, Content> {
  constructor(options: SharedThingsOptions) {
    super(queryKind, options);
  }
}

export function namedAlike(
  queries: readonly SavedQuery[],
  name: string,
  exceptId: string,
): SavedQuery | undefined {
  return queries.find((query) => query.id !== exceptId && query.name.toLowerCase() === name.toLowerCase());
}
