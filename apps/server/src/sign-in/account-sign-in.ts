import { type Account, type AccountBook, accountName, isPassword, longestPassword } from "@downbeat/access";
import { BackOff } from "./back-off.ts";

export type Attempt =
  | { readonly type: "right"; readonly account: Account }
  | { readonly type: "wrong" }
  /** Too many were wrong. */
  | { readonly type: "later"; readonly afterMs: number }
  /** Others are being looked at. */
  | { readonly type: "busy" };

/** Each takes 32 MB and a third of a second of one core. */
const mostAtOnce = 2;
const mostWaiting = 20;
const quarterMs = 15 * 60_000;
/** Of one account, from one network. */
const pairPace = { free: 4, longestMs: quarterMs };
/** Many people may come from one address. */
const networkPace = { free: 20, longestMs: quarterMs };
/** Of one account, from all networks where nobody has signed in to it: strangers can't keep its owner out for long, and guess no more than once a minute. */
const accountPace = { free: 100, longestMs: 60_000 };
/** Networks and accounts that belong together; the oldest give way. */
const mostAtHome = 20_000;

/** What can be no account's name is one: it may be a password in the wrong field, or 8 kB of anything. */
export function plausibleName(name: string): string | undefined {
  return accountName.safeParse(name).data;
}

/** Whether a name and a password belong together. Neither an answer nor the time it takes tells whether there is such an account. */
export class AccountSignIn {
  readonly #book: AccountBook;
  readonly #ofPairs: BackOff;
  readonly #ofNetworks: BackOff;
  readonly #ofAccounts: BackOff;
  /** Where somebody has signed in to an account. */
  readonly #atHome = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;

  /** @param now ms, of any beginning */
  constructor(book: AccountBook, now: () => number) {
    this.#book = book;
    this.#ofPairs = new BackOff(pairPace, now);
    this.#ofNetworks = new BackOff(networkPace, now);
    this.#ofAccounts = new BackOff(accountPace, now);
  }

  async attempt(typedName: string, password: string, network: string): Promise<Attempt> {
    const name = plausibleName(typedName) ?? "";
    const account = this.#book.find(name);
    // With another password nothing is held against an account, nor does anybody belong to it any more.
    const who = `${name} ${account?.password ?? ""}`;
    const pair = `${network} ${who}`;
    const counted: readonly (readonly [BackOff, string])[] = [
      [this.#ofPairs, pair],
      [this.#ofNetworks, network],
      ...(this.#atHome.has(pair) ? [] : [[this.#ofAccounts, who] as const]),
    ];
    const afterMs = Math.max(...counted.map(([backOff, key]) => backOff.waitMs(key)));
    if (afterMs > 0) return { type: "later", afterMs };
    if (this.#waiting.length >= mostWaiting) return { type: "busy" };
    for (const [backOff, key] of counted) backOff.begin(key);
    const isRight = await this.#inTurn(() =>
      isPassword(password.slice(0, longestPassword), account?.password),
    );
    if (!isRight || account === undefined || password.length > longestPassword) return { type: "wrong" };
    for (const [backOff, key] of counted) backOff.takeBack(key);
    this.#ofPairs.forget(pair);
    this.#settle(pair);
    return { type: "right", account };
  }

  #settle(pair: string): void {
    this.#atHome.delete(pair);
    this.#atHome.add(pair);
    for (const oldest of this.#atHome) {
      if (this.#atHome.size <= mostAtHome) break;
      this.#atHome.delete(oldest);
    }
  }

  async #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    if (this.#atWork >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#atWork += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork -= 1;
      else next();
    }
  }
}
