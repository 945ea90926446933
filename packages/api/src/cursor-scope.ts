import { createHash } from "node:crypto";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { BadCursor } from "@downbeat/read-model";

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
    return this.#marked(ask(this.#own(query)));
  }

  /** The same for an answer that takes a while. */
  async pageLater<Q extends Query, A extends { readonly cursor?: string }>(
    query: Q,
    ask: (query: Q) => Promise<A>,
  ): Promise<A> {
    return this.#marked(await ask(this.#own(query)));
  }

  #own<Q extends Query>(query: Q): Q {
    const { cursor } = query;
    return cursor === undefined ? query : { ...query, cursor: this.#unmarked(cursor) };
  }

  #marked<A extends { readonly cursor?: string }>(answer: A): A {
    return answer.cursor === undefined ? answer : { ...answer, cursor: this.#mark + answer.cursor };
  }

  #unmarked(cursor: string): string {
    if (cursor.startsWith(this.#mark)) return cursor.slice(this.#mark.length);
    throw new BadCursor("The cursor is not one of this list.");
  }
}
