import { type SecondPersonRule, strictest } from "@downbeat/domain";
import type { NamespaceName } from "@downbeat/protocol";
import type { Access } from "./configuration.ts";
import { isIn } from "./role-of.ts";

/** What the access file lets nobody do alone in a namespace; `undefined`: nothing. */
export function secondPersonIn(
  { secondPerson }: Pick<Access, "secondPerson">,
  name: NamespaceName,
): SecondPersonRule | undefined {
  return strictest(
    secondPerson
      .filter((rule) => rule.in.some((place) => isIn(place, name)))
      .map(({ terminate, complete, bulkAbove, expires }) => ({
        terminate,
        complete,
        bulkAbove,
        expiresAfterMs: expires,
      })),
  );
}
