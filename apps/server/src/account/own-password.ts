import {
  type AccessFile,
  type Account,
  type AccountBook,
  changeAccounts,
  guessableProblem,
  hashPassword,
  knownNames,
  passwordProblem,
} from "@downbeat/access";
import { ApiError } from "@downbeat/api";
import { patiently } from "@downbeat/protocol";
import type { AccountSignIn, Attempt } from "../sign-in/account-sign-in.ts";
import type { KeptFiles } from "../sign-in/kept-files.ts";
import { inWords } from "../sign-in/pause-words.ts";

interface Parts {
  readonly access: Pick<AccessFile, "address" | "provider">;
  readonly accountsFile: string;
  readonly accounts: AccountBook;
  readonly files: Pick<KeptFiles, "expect">;
  readonly signIn: AccountSignIn;
  /** ms since 1970 */
  readonly now: () => number;
}

interface Whose {
  /** Of the account. */
  readonly name: string;
  /** From where it is typed. */
  readonly network: string;
}

/** The password of whoever asks, as far as they know it. */
export class OwnPassword {
  readonly #parts: Parts;
  readonly #whose: Whose;

  constructor(parts: Parts, whose: Whose) {
    this.#parts = parts;
    this.#whose = whose;
  }

  /** A wrong one counts as at sign-in. Rejects with `ApiError`. */
  async check(password: string): Promise<Account> {
    const { name, network } = this.#whose;
    const attempt = await this.#parts.signIn.attempt(name, password, network);
    if (attempt.type === "right") return attempt.account;
    throw refusal(attempt);
  }

  /** Every session of the account ends with it. Rejects with `ApiError`. */
  async change({ current, wanted }: { readonly current: string; readonly wanted: string }): Promise<void> {
    const { access, accountsFile, accounts, files, now } = this.#parts;
    const problem = current === wanted ? "This is the current password." : passwordProblem(wanted);
    if (problem !== undefined) throw new ApiError("badInput", problem);
    const account = await this.check(current);
    // It takes a while, so nobody has it looked at who doesn't know the current one.
    const guessable = await guessableProblem(wanted, knownNames(access, account));
    if (guessable !== undefined) throw new ApiError("badInput", guessable);
    const another = { password: await hashPassword(wanted), sessionsSince: now() };
    try {
      await files.expect({ changed: { ...account, ...another } });
      let isCurrent = false;
      await patiently(() =>
        changeAccounts(accountsFile, (all) => {
          // Somebody may have set another one since it was looked at; whoever knows the old one must not undo that.
          isCurrent = all.some(
            ({ name, password }) => name === account.name && password === account.password,
          );
          return isCurrent
            ? all.map((each) => (each.name === account.name ? { ...each, ...another } : each))
            : all;
        }),
      );
      if (!isCurrent) throw new ApiError("badInput", "Your password was changed by somebody else meanwhile.");
      accounts.lookAgain();
    } catch (cause) {
      if (cause instanceof ApiError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ApiError("unavailable", `The password can't be changed: ${why}`, { cause });
    }
  }
}

function refusal(attempt: Exclude<Attempt, { type: "right" }>): ApiError {
  switch (attempt.type) {
    case "wrong":
      return new ApiError("badInput", "The current password is not right.");
    case "later":
      return new ApiError(
        "badInput",
        `Too many attempts went wrong. Try again in ${inWords(attempt.afterMs)}.`,
      );
    case "busy":
      return new ApiError("unavailable", "Many people sign in just now. Try again in a moment.");
  }
}
