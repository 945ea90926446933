import type { RunView, TimelineRow } from "@downbeat/api/views";

/** One and the same text stands for every payload that a role may not see: two of them say nothing of each other. */
export const notCompared = "Not shown to your role, so not compared.";

/** What is said of two inputs that read the same. */
export function equalInputs(
  inputs: readonly (string | undefined)[],
  isHidden: boolean,
  same: string,
): string {
  if (isHidden && inputs.every((input) => input !== undefined)) return notCompared;
  return inputs.some(isMasked) ? maskedNotCompared(same) : same;
}

/** What is said of two results that read the same. An error has its name and message for everybody. */
export function equalResults(
  sides: readonly (TimelineRow | RunView | undefined)[],
  isHidden: boolean,
  same: string,
): string {
  if (isHidden && sides.every(hasPayload)) return notCompared;
  return sides.some((side) => isMasked(payloadOf(side))) ? maskedNotCompared(same) : same;
}

/** Two masked values read the same, whatever they are. */
function isMasked(json: string | undefined): boolean {
  return json?.includes("•••") === true;
}

const maskedNotCompared = (same: string) => `${same.replace(/\.$/, "")}, but for what is masked (•••).`;

function payloadOf(side: TimelineRow | RunView | undefined): string | undefined {
  if (side === undefined) return undefined;
  if ("output" in side) return side.output;
  return "payload" in side ? side.payload : undefined;
}

function hasPayload(side: TimelineRow | RunView | undefined): boolean {
  if (side === undefined) return false;
  return ("output" in side && side.output !== undefined) || ("payload" in side && side.payload !== undefined);
}

/** How many steps differ, as far as that can be told. */
export function differWords(
  { total, different }: { readonly total: string; readonly different: string | undefined },
  isHidden: boolean,
): string {
  const words = different === undefined ? `${total}, no difference` : `${different} of ${total} differ`;
  return isHidden ? `${words}; inputs and results are not shown to your role, so not compared` : words;
}
