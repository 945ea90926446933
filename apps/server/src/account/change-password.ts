import {
  type AccessFile,
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
  /** A wrong password counts as one at sign-in does. */
  readonly signIn: AccountSignIn;
  /** ms since 1970 */
  readonly now: () => number;
}

export interface GivenPasswords {
  readonly current: string;
  readonly wanted: string;
}

interface Given extends GivenPasswords {
  readonly name: string;
  readonly network: string;
}

/** Another password for whoever knows the current one; every session of the account ends. Rejects with `ApiError`. */
export async function changePassword(parts: Parts, { name, network, current, wanted }: Given): Promise<void> {
  const { access, accountsFile, accounts, files, signIn, now } = parts;
  const problem = current === wanted ? "This is the current password." : passwordProblem(wanted);
  if (problem !== undefined) throw new ApiError("badInput", problem);
  const attempt = await signIn.attempt(name, current, network);
  if (attempt.type !== "right") throw refusal(attempt);
  // It takes a while, so nobody has it looked at who doesn't know the current one.
  const guessable = await guessableProblem(wanted, knownNames(access, attempt.account));
  if (guessable !== undefined) throw new ApiError("badInput", guessable);
  const another = { password: await hashPassword(wanted), sessionsSince: now() };
  try {
    await files.expect({ changed: { ...attempt.account, ...another } });
    await patiently(() =>
      changeAccounts(accountsFile, (all) =>
        all.map((account) => (account.name === name ? { ...account, ...another } : account)),
      ),
    );
    accounts.lookAgain();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("unavailable", `The password can't be changed: ${why}`, { cause });
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
