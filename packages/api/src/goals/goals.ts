import {
  encodeGoalMessage,
  type GoalDefinition,
  type GoalMessage,
  parseGoalMessage,
  topics,
} from "@downbeat/protocol";
import {
  type Shared,
  type SharedKind,
  SharedThings,
  type SharedThingsOptions,
} from "../shared/shared-things.ts";

interface Content {
  readonly goal: GoalDefinition;
}

/** A goal as somebody saved it. */
export type SavedGoal = Shared<Content>;

const goalKind: SharedKind<GoalMessage, Content> = {
  topic: topics.goals,
  what: "the goals",
  encode: encodeGoalMessage,
  parse: parseGoalMessage,
  contentOf: (message) => (message.type === "deleted" ? undefined : { goal: message.goal }),
  nameOf: ({ goal }) => goal.name,
};

/** What people want to be reached. */
export class Goals extends SharedThings<GoalMessage, Content> {
  constructor(options: SharedThingsOptions) {
    super(goalKind, options);
  }
}
