import { z } from "zod";
import type { Context } from "../context.ts";
import { fingerprint } from "../inputs.ts";
import { masked } from "../masking/mask-json.ts";
import type { CauseScope } from "../views.ts";

export const GetCause = z.object({ fingerprint });

/** What the runs that fall under a cause have in common. */
export async function getCause(
  { readModel, waits, masking }: Context,
  { fingerprint }: z.infer<typeof GetCause>,
): Promise<CauseScope> {
  const scope = readModel.causeScope(fingerprint, await waits.causes());
  const labels = scope.labels.map(({ top, ...label }) => ({
    ...label,
    top: top.map((each) => (masking.masksLabel(label.key, each.value) ? { ...each, value: masked } : each)),
  }));
  return { ...scope, labels };
}
