import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { roles } from "@downbeat/api/policy";
import { changeList, jsonList, type NamespaceName, readList, tokenName } from "@downbeat/protocol";
import { z } from "zod";
import { place } from "../configuration.ts";
import { FollowedList, type FollowedParts } from "../followed-list.ts";
import { isIn, type Standing } from "../role-of.ts";

/** `local|ada` */
export const personPattern = /^[^|\s]+\|\S(.*\S)?$/;

const token = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{12}$/),
  /** What it is for, as history names it. */
  name: tokenName,
  /** SHA-256 of its secret, which is too long to be guessed. */
  hash: z.string().regex(/^[-\w]{43}$/),
  /** Whose it is, `issuer|subject`: what needs a second person is asked for, and approved, by people. Absent: nobody's. */
  person: z.string().regex(personPattern).max(200).optional(),
  role: z.enum(roles),
  in: z.array(place).min(1),
  /** ms since 1970 */
  madeAt: z.number().int(),
  /** ms since 1970 */
  endsAt: z.number().int(),
  /** As history names people. */
  madeBy: z.string().min(1).max(200).optional(),
});

/** What a service or a script of this company asks with. */
export type Token = z.output<typeof token>;

const list = jsonList("tokens", "tokens", z.array(token));

/** @throws Error that names the file and says what is wrong with it */
export const readTokens = (path: string): readonly Token[] => readList(path, list);

/** @throws Error that names the file, when it can't be changed, or another process is about to */
export function changeTokens(path: string, change: (all: readonly Token[]) => readonly Token[]): void {
  changeList(path, list, change);
}

const begin = "downbeat_";

/** @returns the token, and what it is known again by; the text itself is kept nowhere */
export function newToken(
  about: Pick<Token, "name" | "person" | "role" | "madeAt" | "endsAt" | "madeBy"> & {
    readonly in: readonly string[];
  },
): {
  readonly text: string;
  readonly token: Token;
} {
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  return {
    text: `${begin}${id}_${secret}`,
    token: { ...about, in: [...about.in], id, hash: digest(secret) },
  };
}

/** The tokens: one that is withdrawn in their file is so here within a second. */
export class TokenBook {
  readonly #tokens: FollowedList<Token>;
  readonly #wallClock: () => number;
  /** When each was last asked with, ms since 1970. */
  readonly #usedAt = new Map<string, number>();
  /** ms since 1970: uses before that are not known. */
  readonly since: number;

  /**
   * @param wallClock ms since 1970
   * @throws Error when the file can't be used
   */
  constructor(parts: FollowedParts, wallClock: () => number) {
    this.#tokens = new FollowedList(parts, list, ({ id }) => id);
    this.#wallClock = wallClock;
    this.since = wallClock();
  }

  get all(): readonly Token[] {
    return this.#tokens.all;
  }

  /** What this process has just changed counts at once. */
  lookAgain(): void {
    this.#tokens.lookAgain();
  }

  /** ms since 1970; `undefined` where nobody asked with it since this process started. */
  usedAt(id: string): number | undefined {
    return this.#usedAt.get(id);
  }

  /** The one that the text is, unless it is over. */
  find(text: string): Token | undefined {
    const [, id = "", secret = ""] = /^downbeat_([a-z0-9]{12})_([-\w]{43})$/.exec(text) ?? [];
    const found = this.#tokens.find(id);
    if (found === undefined) return undefined;
    const isSame = timingSafeEqual(Buffer.from(digest(secret)), Buffer.from(found.hash));
    const now = this.#wallClock();
    if (!isSame || now >= found.endsAt) return undefined;
    this.#usedAt.set(id, now);
    return found;
  }
}

export function standingOfToken(token: Token, name: NamespaceName): Standing {
  if (token.in.some((each) => isIn(each, name))) return { role: token.role };
  return { refusal: `The token ${token.name} is not for ${name.tenant}/${name.namespace}.` };
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
