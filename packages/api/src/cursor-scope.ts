import { createHash } from "node:crypto";
import { BadCursor } from "@downbeat/history";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";

interface Query {
  readonly cursor?: string | undefined;
}

/** Marks the cursors of one namespace, so that another refuses them instead of going on at some place of its own. */
export class CursorScope {
  readonly #mark: string;

  constructor(name: NamespaceName) {
    const digest = createHash("sha256").update(formatNamespaceName(name)).digest("base64url");
    this.#mark = `${digest.slice(0, 8)}.`;
  }

  /** @throws BadCursor for a cursor of another namespace */
  page<Q extends Query, A extends { readonly cursor?: string }>(query: Q, ask: (query: Q) => A): A {
    const { cursor } = query;
    const answer = ask(cursor === undefined ? query : { ...query, cursor: this.#unmarked(cursor) });
    return answer.cursor === undefined ? answer : { ...answer, cursor: this.#mark + answer.cursor };
  }

  #unmarked(cursor: string): string {
    if (cursor.startsWith(this.#mark)) return cursor.slice(this.#mark.length);
    throw new BadCursor("The cursor is not one of this list.");
  }
}
