import type { Payload } from "@downbeat/domain";
import { encodePayload, PayloadError } from "../payload.ts";
import { type Returned, readOf } from "../returned.ts";
import { checkNow } from "../schema-check.ts";
import type { AnyWorkflow } from "../workflow.ts";

/** @throws PayloadError for an output that can't be recorded, or doesn't fit the workflow's schema */
export function outputPayload(
  { outputSchema }: AnyWorkflow,
  returned: Returned,
  { isLossy, isAnyDepth }: { readonly isLossy: boolean; readonly isAnyDepth: boolean },
): Payload {
  const what = "The output of the workflow";
  const output = readOf(returned, what);
  if (outputSchema === undefined) return encodePayload(output, what, { isLossy, isAnyDepth });
  const checked = checkNow(outputSchema, output);
  if (checked.ok) return encodePayload(checked.value, what, { isLossy, isAnyDepth });
  throw new PayloadError(`The output of the workflow does not fit its schema.\n${checked.problem}`);
}
