import { utf8Length } from "@downbeat/domain";
import {
  encodeSavedInputMessage,
  parseSavedInputMessage,
  type SavedInputMessage,
  topics,
} from "@downbeat/protocol";
import { masked } from "../masking/mask-json.ts";
import type { Owned } from "../shared/owned.ts";
import {
  type Shared,
  type SharedKind,
  SharedThings,
  type SharedThingsOptions,
} from "../shared/shared-things.ts";
import type { SavedInput } from "../views.ts";

interface Content extends Owned {
  readonly name: string;
  readonly workflow: string;
  readonly input: string;
}

const inputKind: SharedKind<SavedInputMessage, Content> = {
  // Beside views: readers of an older release pass over it, and clusters need no other topic.
  topic: topics.savedViews,
  what: "the saved inputs",
  encode: encodeSavedInputMessage,
  parse: parseSavedInputMessage,
  contentOf(message) {
    if (message.type === "inputDeleted") return undefined;
    const { name, workflow, input, owner } = message;
    return { name, workflow, input, ...(owner !== undefined && { owner }) };
  },
  nameOf: ({ name }) => name,
};

/** What people start runs with again and again, their own and everybody's. */
export class SavedInputs extends SharedThings<SavedInputMessage, Content> {
  constructor(options: SharedThingsOptions) {
    super(inputKind, options);
  }
}

/** Without what it says. */
export function savedInputView({ input, ...saved }: Shared<Content>): SavedInput {
  return { ...saved, bytes: utf8Length(input), ...(input.includes(masked) && { hasMasked: true }) };
}
