import { isOfLabel } from "@downbeat/read-model";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { forbidden, may } from "./policy.ts";

type Who = Pick<Context, "role" | "masking">;

/** A number in a payload tells of the payload; one in a label does not. What is masked is not summed for anybody. @throws ApiError */
export function mayKnowAmount({ role, masking }: Who, path: string | undefined): void {
  if (path === undefined || isOfLabel(path)) return;
  if (!may(role, "seePayloads")) throw new ApiError("forbidden", forbidden("seePayloads"));
  if (masking.masksAmount(path)) throw new ApiError("forbidden", `What ${path} says is masked.`);
}

/** Those that somebody may have summed. */
export function knownAmounts({ role, masking }: Who, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => isOfLabel(path) || (may(role, "seePayloads") && !masking.masksAmount(path)));
}
