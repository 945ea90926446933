import type { Person } from "@downbeat/domain";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";

/**
 * Who somebody is when it counts that two are not one.
 *
 * @throws ApiError for a token that is nobody's: whoever has it could be both
 */
export function requirePerson({ actor, signedIn }: Pick<Context, "actor" | "signedIn">): Person {
  if (signedIn === undefined) return { id: actor, actor };
  const { id, by, person, name } = signedIn;
  if (by !== "token") return { id, actor };
  if (person !== undefined) return { id: person, actor };
  throw new ApiError(
    "forbidden",
    `${name} is nobody's token, and what needs a second person is asked for and decided by people: sign in, or use a token that was made for a person (downbeat tokens add --for).`,
  );
}
