import { z } from "zod";
import type { Context } from "../context.ts";
import { fingerprint } from "../inputs.ts";
import type { CauseScope } from "../views.ts";

export const GetCause = z.object({ fingerprint });

/** What the runs that fall under a cause have in common. */
export async function getCause(
  { readModel, waits }: Context,
  { fingerprint }: z.infer<typeof GetCause>,
): Promise<CauseScope> {
  return readModel.causeScope(fingerprint, await waits.causes());
}
