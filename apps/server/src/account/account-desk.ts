import type { NamedSession } from "@downbeat/access";
import { type AccountDesk, ApiError } from "@downbeat/api";
import type { OwnSession } from "@downbeat/api/views";
import type { OwnSessions } from "../sign-in/own-sessions.ts";
import type { OwnPassword } from "./own-password.ts";

export interface Asker {
  /** `issuer|subject` */
  readonly person: string;
  /** Of the session that this is asked in. */
  readonly current: string;
  /** They signed in so recently that nobody need ask who they are. */
  readonly isFresh: boolean;
}

interface Parts {
  readonly own: Pick<OwnSessions, "of" | "end">;
  readonly mostSessions: number;
  /** Absent where it is not kept here. */
  readonly password: OwnPassword | undefined;
  /** Begins another session for whoever has just ended all of theirs. */
  readonly goOn: () => Promise<void>;
  /** Of what will have been done, tells the audit elsewhere, too: a session is good wherever its owner has a role. */
  readonly elsewhere: () => (verb: string) => void;
}

/** How somebody is signed in: what is found is theirs, so that nothing of another's is shown, ended or told of. */
export function accountDesk(parts: Parts, { person, current, isFresh }: Asker): AccountDesk {
  const { own, mostSessions, password, goOn, elsewhere } = parts;
  const all = (): Promise<readonly NamedSession[]> => orUnavailable(() => own.of(person));
  /** Whoever has found an open browser ends nothing. */
  const confirm = async (typed: string): Promise<void> => {
    if (password !== undefined) await password.check(typed);
    else if (!isFresh)
      throw new ApiError("badInput", "Sign in again first: this session was begun some time ago.");
  };
  const end = async (sessions: readonly NamedSession[], verb: string): Promise<void> => {
    const tell = elsewhere();
    await orUnavailable(async () => {
      for (const each of sessions) own.end(each);
    });
    tell(verb);
  };
  return {
    mostSessions,
    confirmBy: password !== undefined ? "password" : isFresh ? "nothing" : "signIn",
    sessions: async () =>
      (await all())
        .map(viewFor(current))
        .toSorted((one, other) => rank(other) - rank(one) || other.seen - one.seen),
    async endSession(id, typed) {
      const session = (await all()).find(({ name }) => name === id);
      // The same sentence for another's.
      if (session === undefined) throw new ApiError("notFound", "You have no such session, or not any more.");
      if (id === current)
        throw new ApiError("badInput", "This is the session that you are using: sign out instead.");
      await confirm(typed);
      await end([session], "account.endSession");
    },
    async endOthers(typed) {
      await confirm(typed);
      const others = (await all()).filter(({ name }) => name !== current);
      await end(others, "account.endOthers");
      return others.length;
    },
    async changePassword(given) {
      if (password === undefined)
        throw new ApiError("badInput", "Your password is kept where you signed in: change it there.");
      const tell = elsewhere();
      await password.change(given);
      await goOn();
      tell("account.changePassword");
    },
  };
}

const viewFor =
  (current: string) =>
  ({ name, session: { since, seen, until, from = {} } }: NamedSession): OwnSession => ({
    id: name,
    since,
    seen,
    until,
    ...(from.address !== undefined && { address: from.address }),
    ...(from.agent !== undefined && { agent: from.agent }),
    ...(name === current && { isThis: true }),
  });

const rank = ({ isThis = false }: OwnSession): number => Number(isThis);

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("unavailable", `Your sessions can't be read or ended: ${why}`, { cause });
  }
}
