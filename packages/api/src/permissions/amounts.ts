import { isOfLabel } from "@downbeat/read-model";
import { ApiError } from "../api-error.ts";
import type { OwedTotals } from "../views.ts";
import { forbidden, may, type Role } from "./policy.ts";

/** A number in a payload tells of the payload; one in a label does not. @throws ApiError */
export function mayKnowAmount(role: Role, path: string | undefined): void {
  if (path !== undefined && !isOfLabel(path) && !may(role, "seePayloads"))
    throw new ApiError("forbidden", forbidden("seePayloads"));
}

/** Those that the role may have summed. */
export function knownAmounts(role: Role, amounts: OwedTotals["amounts"]): OwedTotals["amounts"] {
  return may(role, "seePayloads") ? amounts : amounts.filter(({ path }) => isOfLabel(path));
}
