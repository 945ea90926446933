import { changeTokens, isIn, newToken, type Token, wholeOf } from "@downbeat/access";
import { ApiError, type TokenDesk } from "@downbeat/api";
import type { TokenView } from "@downbeat/api/views";
import { formatNamespaceName, type NamespaceName, patiently } from "@downbeat/protocol";
import type { KeptFiles } from "../sign-in/kept-files.ts";
import type { Visitor } from "../visitors/visitor.ts";

interface Parts {
  readonly file: string;
  readonly files: KeptFiles;
  /** ms since 1970 */
  readonly now: () => number;
}

export interface Asked {
  readonly visitor: Visitor;
  /** Of this namespace. */
  readonly name: NamespaceName;
}

/** The file of tokens, as far as it is somebody's business: who is an admin of one namespace keeps what is for that one. */
export function tokenDesk({ file, files, now }: Parts, { visitor, name }: Asked): TokenDesk {
  const book = files.tokens;
  const isHere = (token: Token): boolean => token.in.some((place) => isIn(place, name));
  const change = async (how: (all: readonly Token[]) => readonly Token[]): Promise<void> => {
    try {
      await patiently(() => changeTokens(file, how));
      book.lookAgain();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ApiError("unavailable", `The tokens can't be changed: ${why}`, { cause });
    }
  };
  const view = (token: Token): TokenView => {
    const { hash: _, madeBy, ...shown } = token;
    const usedAt = book.usedAt(token.id);
    const notYours = foreignOf(token, visitor);
    // Nobody is told of namespaces that are none of theirs.
    const known = token.in.filter((place) => isIn(place, name) || isAdminOf(visitor, place));
    return {
      ...shown,
      in: known,
      ...(known.length < token.in.length && { isForOthers: true }),
      ...(madeBy !== undefined && { madeBy }),
      ...(usedAt !== undefined && { usedAt }),
      ...(notYours !== undefined && { notYours }),
    };
  };
  return {
    usesKnownSince: book.since,
    list: () =>
      book.all
        .filter(isHere)
        .toSorted((one, other) => other.madeAt - one.madeAt)
        .map(view),
    add: async ({ name: called, role, lastsMs }) => {
      const madeAt = now();
      const made = newToken({
        name: called,
        role,
        in: [formatNamespaceName(name)],
        madeAt,
        endsAt: madeAt + lastsMs,
        madeBy: visitor.actor,
      });
      await files.expect({ added: made.token });
      await change((all) => [...all, made.token]);
      return { token: view(made.token), text: made.text };
    },
    withdraw: async (id) => {
      const token = book.all.find((each) => each.id === id);
      if (token === undefined || !isHere(token))
        throw new ApiError("notFound", "This token is not there any more.");
      const foreign = foreignOf(token, visitor);
      if (foreign !== undefined) throw new ApiError("forbidden", foreign);
      await files.expect({ withdrawn: token });
      await change((all) => all.filter((each) => each.id !== id));
    },
  };
}

/** Why somebody may not withdraw it: it is good where they have no say, at this server or at another that follows the file. */
function foreignOf({ in: places }: Token, visitor: Visitor): string | undefined {
  return places.every((place) => isAdminOf(visitor, place))
    ? undefined
    : "It is also for namespaces where you are no admin.";
}

function isAdminOf({ standingIn }: Visitor, place: string): boolean {
  return standingIn(wholeOf(place)).role === "admin";
}
