import type { SavedInput } from "@downbeat/api/views";
import type { Api } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";

/**
 * What was saved for starts of the workflow, by its name or id. One's own comes before everybody's of the same name.
 *
 * @returns JSON text
 * @throws CommandFailure where there is none, or something of it has to be given
 */
export async function savedInput(api: Api, workflow: string, text: string): Promise<string> {
  const { inputs } = await api.savedInputs.list.query();
  const ofWorkflow = inputs.filter((each) => each.workflow === workflow);
  const named = ofWorkflow
    .filter(({ name }) => name.toLowerCase() === text.trim().toLowerCase())
    .sort((one, other) => rank(one) - rank(other));
  const found = ofWorkflow.find(({ id }) => id === text) ?? named[0];
  if (found === undefined)
    throw new CommandFailure(
      "notFound",
      `There is no saved input ${text} of ${workflow}. See: downbeat runs saved`,
    );
  if (found.hasMasked === true)
    throw new CommandFailure(
      "usage",
      `Something of “${found.name}” is personal, so it was not kept. Start the run on the dashboard, or give the whole input with --input.`,
    );
  return (await api.savedInputs.get.query({ id: found.id })).input;
}

function rank({ owner }: SavedInput): number {
  return owner === undefined ? 1 : 0;
}
