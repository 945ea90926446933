import { type Account, type AccountBook, isPassword, longestPassword } from "@downbeat/access";
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
const freePerAccount = 4;
/** Many people may come from one address. */
const freePerNetwork = 20;

/** Whether a name and a password belong together. Neither an answer nor the time it takes tells whether there is such an account. */
export class AccountSignIn {
  readonly #book: AccountBook;
  readonly #ofAccounts: BackOff;
  readonly #ofNetworks: BackOff;
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;

  /** @param now ms, of any beginning */
  constructor(book: AccountBook, now: () => number) {
    this.#book = book;
    this.#ofAccounts = new BackOff(freePerAccount, now);
    this.#ofNetworks = new BackOff(freePerNetwork, now);
  }

  async attempt(name: string, password: string, network: string): Promise<Attempt> {
    const afterMs = Math.max(this.#ofAccounts.waitMs(name), this.#ofNetworks.waitMs(network));
    if (afterMs > 0) return { type: "later", afterMs };
    if (this.#waiting.length >= mostWaiting) return { type: "busy" };
    this.#ofAccounts.begin(name);
    this.#ofNetworks.begin(network);
    const account = this.#book.find(name);
    const isRight = await this.#inTurn(() =>
      isPassword(password.slice(0, longestPassword), account?.password),
    );
    if (!isRight || account === undefined || password.length > longestPassword) return { type: "wrong" };
    this.#ofAccounts.forget(name);
    this.#ofNetworks.takeBack(network);
    return { type: "right", account };
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
