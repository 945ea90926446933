import { FollowedList, type FollowedParts } from "../followed-list.ts";
import { type Account, accountList } from "./accounts.ts";

/** The accounts: what is disabled or removed in their file is so here within a second. */
export class AccountBook {
  readonly #accounts: FollowedList<Account>;

  /** @throws Error when the file can't be used */
  constructor(parts: FollowedParts) {
    this.#accounts = new FollowedList(parts, accountList, ({ name }) => name);
  }

  /** One that may be used. */
  find(name: string): Account | undefined {
    const account = this.#accounts.find(name);
    return account?.isDisabled === true ? undefined : account;
  }

  /** Those that may not be used, too. */
  get all(): readonly Account[] {
    return this.#accounts.all;
  }

  /** What this process has just changed counts at once. */
  lookAgain(): void {
    this.#accounts.lookAgain();
  }

  get isEmpty(): boolean {
    return this.#accounts.isEmpty;
  }
}
