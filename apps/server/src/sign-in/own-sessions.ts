import type { NamedSession } from "@downbeat/access";
import type { Sessions } from "./sessions.ts";
import type { SignedInList } from "./signed-in-list.ts";

/** What one person began by signing in at the dashboard, known by names from which no session can be had. */
export class OwnSessions {
  readonly #list: Pick<SignedInList, "of" | "forgetNamed">;
  readonly #sessions: Pick<Sessions, "endNamed">;

  constructor(list: Pick<SignedInList, "of" | "forgetNamed">, sessions: Pick<Sessions, "endNamed">) {
    this.#list = list;
    this.#sessions = sessions;
  }

  /**
   * Longest signed in first.
   *
   * @throws Error when it can't be read
   */
  of(person: string): Promise<readonly NamedSession[]> {
    return this.#list.of(person);
  }

  /** @throws Error when it can't be kept */
  end({ name, session }: NamedSession): void {
    this.#list.forgetNamed(name);
    this.#sessions.endNamed(name, session.until);
  }

  /**
   * Ends those that were begun first, where there are more.
   *
   * @returns how many were ended
   * @throws Error when they can't be read, or that can't be kept
   */
  async keepTo(most: number, person: string): Promise<number> {
    const all = await this.of(person);
    const tooMany = all.slice(0, Math.max(0, all.length - most));
    for (const each of tooMany) this.end(each);
    return tooMany.length;
  }
}
