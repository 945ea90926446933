import { createHash } from "node:crypto";
import { jsonList, type NamespaceName } from "@downbeat/protocol";
import { z } from "zod";
import type { Account } from "../accounts/accounts.ts";
import { isIn } from "../role-of.ts";
import type { Ended } from "../sessions/ended-people.ts";
import type { Token } from "../tokens/tokens.ts";

const one = z.strictObject({
  what: z.enum(["account", "token", "sessions"]),
  id: z.string(),
  groups: z.array(z.string()),
  in: z.array(z.string()),
  /** As it is told. */
  facts: z.record(z.string(), z.string()),
});

/** An account, a token or the end of somebody's sessions as it was when somebody last looked; nothing of what it is asked with. */
export type Seen = z.output<typeof one>;

export const seenList = jsonList("accounts and tokens that were seen", "seen", z.array(one));

export function seenToken({ id, name, role, in: places, endsAt, madeBy }: Token): Seen {
  const facts = { name, role, in: places.join(", "), until: timeOf(endsAt) };
  return {
    what: "token",
    id,
    groups: [],
    in: [...places],
    facts: { ...facts, ...(madeBy !== undefined && { by: madeBy }) },
  };
}

export function seenAccount({ name, fullName, groups, isDisabled, password, sessionsSince }: Account): Seen {
  return {
    what: "account",
    id: name,
    groups: [...groups],
    in: [],
    facts: {
      ...(fullName !== undefined && { fullName }),
      groups: groups.join(", "),
      disabled: String(isDisabled),
      // Whether it is another one: a hash of a hash that has its own salt.
      password: createHash("sha256").update(password).digest("base64url").slice(0, 16),
      signedOut: timeOf(sessionsSince),
    },
  };
}

/** @param groups of the account; of who comes by a provider nobody knows them here */
export function seenEnd({ id, since }: Ended, groups: readonly string[]): Seen {
  return { what: "sessions", id, groups: [...groups], in: [], facts: { begunUntil: timeOf(since) } };
}

export interface SeenChange {
  readonly how: "add" | "change" | "withdraw";
  readonly what: Seen["what"];
  readonly id: string;
  /** Where it is and was good. */
  readonly before: Seen | undefined;
  readonly after: Seen | undefined;
  readonly told: readonly { readonly field: string; readonly is: string }[];
}

/** What somebody did to the files, as far as two looks tell. */
export function changesOf(before: readonly Seen[], after: readonly Seen[]): readonly SeenChange[] {
  const key = ({ what, id }: Seen): string => `${what} ${id}`;
  const known = new Map(before.map((each) => [key(each), each]));
  const now = new Map(after.map((each) => [key(each), each]));
  // An end that no session can be older than is forgotten, which is no news.
  const gone = before.filter((each) => !now.has(key(each)) && each.what !== "sessions");
  return [
    ...after.flatMap((each): SeenChange[] => {
      const earlier = known.get(key(each));
      const { what, id } = each;
      if (earlier === undefined)
        return [{ how: "add", what, id, before: undefined, after: each, told: factsOf(each) }];
      const told = changedFacts(earlier, each);
      return told.length === 0 ? [] : [{ how: "change", what, id, before: earlier, after: each, told }];
    }),
    ...gone.map(
      (each): SeenChange => ({
        how: "withdraw",
        what: each.what,
        id: each.id,
        before: each,
        after: undefined,
        told: factsOf(each),
      }),
    ),
  ];
}

/** What one namespace is told: of a token's places those that it is in, and of others that there are some. */
export function toldIn({ what, before, after, told }: SeenChange, name: NamespaceName): SeenChange["told"] {
  const places = (after ?? before)?.in ?? [];
  const here = places.filter((place) => isIn(place, name));
  const others = here.length < places.length ? ["others"] : [];
  return told.map(({ field, is }) => ({
    field,
    is: what === "token" && field === "in" ? [...here, ...others].join(", ") : is,
  }));
}

function factsOf({ facts }: Seen): SeenChange["told"] {
  return Object.entries(facts)
    .filter(([field, is]) => field !== "password" && is !== "")
    .map(([field, is]) => ({ field, is }));
}

function changedFacts(before: Seen, after: Seen): SeenChange["told"] {
  const fields = new Set([...Object.keys(before.facts), ...Object.keys(after.facts)]);
  return [...fields]
    .filter((field) => before.facts[field] !== after.facts[field])
    .map((field) => ({ field, is: field === "password" ? "another one" : (after.facts[field] ?? "") }));
}

/** Somebody may have typed any number. */
function timeOf(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}
