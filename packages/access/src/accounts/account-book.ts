import { statSync } from "node:fs";
import { readAccounts } from "./account-file.ts";
import type { Account } from "./accounts.ts";

const lookEveryMs = 500;

interface Parts {
  readonly path: string;
  /** ms, of any beginning */
  readonly now: () => number;
  /** The file can't be used since it was changed; what stood there before still counts. */
  readonly onTrouble: (error: Error) => void;
}

/** The accounts as they are in the file by now: what is disabled or removed there is so here within a second. */
export class AccountBook {
  readonly #parts: Parts;
  #accounts: ReadonlyMap<string, Account> = new Map();
  #seen = "";
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @throws Error when the file can't be used */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#seen = versionOf(parts.path);
    this.#take();
  }

  /** One that may be used. */
  find(name: string): Account | undefined {
    this.#look();
    const account = this.#accounts.get(name);
    return account?.isDisabled === true ? undefined : account;
  }

  get isEmpty(): boolean {
    this.#look();
    return this.#accounts.size === 0;
  }

  #look(): void {
    const { path, now, onTrouble } = this.#parts;
    if (now() - this.#lookedAt < lookEveryMs) return;
    this.#lookedAt = now();
    const version = versionOf(path);
    if (version === this.#seen) return;
    this.#seen = version;
    try {
      this.#take();
    } catch (error) {
      onTrouble(error as Error);
    }
  }

  #take(): void {
    this.#accounts = new Map(readAccounts(this.#parts.path).map((account) => [account.name, account]));
  }
}

function versionOf(path: string): string {
  try {
    const { ino, mtimeMs, size, mode } = statSync(path);
    return [ino, mtimeMs, size, mode].join();
  } catch {
    return "";
  }
}
