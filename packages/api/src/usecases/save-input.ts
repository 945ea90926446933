import { utf8Length } from "@downbeat/domain";
import { longestInputName, longestSavedInput } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { isBuiltIn } from "../bulk/built-in.ts";
import { likeOfWorkflow } from "../commands/like-of-start.ts";
import type { Context } from "../context.ts";
import { name, payload } from "../inputs.ts";
import { maskedJson } from "../masking/mask-json.ts";
import { savedInputView } from "../saved-inputs/saved-inputs.ts";
import { saveOwned } from "../shared/save-owned.ts";
import type { SaveInputAnswer } from "../views.ts";

const most = { shared: 200, ofOne: 100 };

export const SaveInput = z
  .object({
    /** Of the saved input whose place it takes; absent for a new one. */
    id: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    name: z.string().trim().min(1, "give it a name").max(longestInputName),
    workflow: name,
    /** Absent: as it is in the one whose place it takes. */
    input: payload.optional(),
    /** Everybody's, instead of one's own. */
    shared: z.boolean(),
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: "say which version of the saved input it takes the place of",
    path: ["version"],
  })
  .refine(({ id, input }) => id !== undefined || input !== undefined, {
    message: "say what runs are to be started with",
    path: ["input"],
  });

/**
 * What is personal in it is not kept: what is shared stands in the log for as long as that lives, and can't be erased.
 *
 * @throws ApiError where it can't be kept
 */
export async function saveInput(
  context: Context,
  asked: z.infer<typeof SaveInput>,
): Promise<SaveInputAnswer> {
  const { id, version, name, workflow, shared } = asked;
  if (isBuiltIn(workflow)) throw new ApiError("badInput", `${workflow} is started by bulk actions alone.`);
  const given = asked.input === undefined ? undefined : await kept(context, workflow, asked.input);
  const { counts, state } = await saveOwned(context, {
    things: context.savedInputs,
    one: "saved input",
    most,
    id,
    version,
    shared,
    contentOf(before) {
      const input = given ?? (before?.workflow === workflow ? before.input : undefined);
      if (input === undefined)
        throw new ApiError("badInput", "The input can't be taken: say what runs are to be started with.");
      return { name, workflow, input };
    },
    areTogether: (saved, other) => saved.workflow === other.workflow,
    messageOf: (stamp, content) => ({ type: "inputSaved" as const, ...stamp, ...content }),
  });
  if (!("saved" in state)) return { outcome: "conflict", current: state };
  const saved = savedInputView(state.saved);
  return counts ? { outcome: "saved", saved } : { outcome: "conflict", current: { saved } };
}

async function kept(context: Context, workflow: string, input: string): Promise<string> {
  const { masking } = context;
  const like = await likeOfWorkflow(context, workflow);
  masking.payloads.requireClear(input, like);
  const text = masking.startInput(workflow, input);
  if (text === maskedJson && input !== maskedJson)
    throw new ApiError("badInput", "All of this input is personal, so nothing of it can be saved.");
  const bytes = Math.max(utf8Length(input), utf8Length(text));
  if (bytes > longestSavedInput)
    throw new ApiError(
      "badInput",
      `The input is ${bytes} bytes of JSON; the limit of what is saved is ${longestSavedInput}. Put big values elsewhere and a reference here.`,
    );
  return text;
}
