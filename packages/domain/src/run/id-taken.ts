import { isEncrypted } from "../encrypted.ts";
import type { Payload } from "../payload.ts";
import { digestOf, inputHash } from "./input-hash.ts";
import type { RunState } from "./state.ts";

/** A start that was refused because its id is another run's. Digests of inputs are there where the inputs differ. */
export interface IdTaken {
  readonly existing: {
    readonly workflow: string;
    readonly status: RunState["status"];
    readonly inputDigest?: string;
  };
  readonly asked: { readonly workflow: string; readonly inputDigest?: string };
}

interface Start {
  readonly runId: string;
  readonly workflow: string;
  readonly input: Payload;
}

/** In words, which `readIdTaken` reads, in which way the run is not the one that the start speaks of. */
export function idTaken(
  state: Pick<RunState, "workflow" | "status" | "inputHash">,
  { runId, workflow, input }: Start,
): string | undefined {
  const end = `, and ${state.status}. A new run needs an id of its own.`;
  // Of a run whose beginning is lost not all is known.
  if (state.workflow !== "" && state.workflow !== workflow)
    return `${beginningOf(runId)}${state.workflow}, not of ${workflow}${end}`;
  if (state.inputHash === undefined) return undefined;
  const asked = inputHash(input);
  if (state.inputHash === asked) return undefined;
  const both = ` (digest ${digestOf(state.inputHash)}, not ${digestOf(asked)})`;
  const note = isEncrypted(input)
    ? " The same input has the same digest only where both are encrypted with one key."
    : "";
  return `${beginningOf(runId)}${workflow} with another input${both}${end}${note}`;
}

/** What such words say, also in those of engines that named no digests; `undefined` for any others. */
export function readIdTaken(message: string, runId: string): IdTaken | undefined {
  const beginning = beginningOf(runId);
  if (!message.startsWith(beginning)) return undefined;
  const rest = message.slice(beginning.length);
  const [, other, had, gave, status] = afterWorkflow.exec(rest) ?? [];
  if (!isStatus(status)) return undefined;
  const workflow = rest.slice(0, rest.search(/[, ]/));
  return {
    existing: { workflow, status, ...(had !== undefined && { inputDigest: had }) },
    asked: { workflow: other ?? workflow, ...(gave !== undefined && { inputDigest: gave }) },
  };
}

/** The text for those who may not see all of the inputs: from a digest, guesses could be confirmed. */
export function withoutInputDigests(text: string): string {
  return text.replaceAll(digests, "");
}

function beginningOf(runId: string): string {
  return `The id ${runId} is taken: it is a run of `;
}

const digests = / \(digest [0-9a-f]{14}, not [0-9a-f]{14}\)/g;
const afterWorkflow =
  /^\S+?(?:, not of (\S+)| with another input(?: \(digest ([0-9a-f]+), not ([0-9a-f]+)\))?), and ([a-z]+)\./;

const statuses: Readonly<Record<RunState["status"], true>> = {
  running: true,
  damaged: true,
  completed: true,
  failed: true,
  cancelled: true,
  terminated: true,
};

function isStatus(text: string | undefined): text is RunState["status"] {
  return Object.hasOwn(statuses, String(text));
}
