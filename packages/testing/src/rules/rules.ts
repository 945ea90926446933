import { inputRules } from "./input-rules.ts";
import { ownershipRules } from "./ownership-rules.ts";
import { questionRules } from "./question-rules.ts";
import { timeRules } from "./time-rules.ts";

/**
 * The rules of the core (docs/architecture.md), each with what takes it out of a copy of the engine: the simulation shows with them that it would
 * notice. The names say what holds as long as nothing is taken out.
 */
export const rules = { ...ownershipRules, ...inputRules, ...timeRules, ...questionRules } as const;

export type RuleName = keyof typeof rules;

/** Of the code that lives in workers. */
export const ofQuestions: readonly RuleName[] = [
  "answersToTheQuestion",
  "newsMakesQuestion",
  "signalsWaitForAnswer",
  "toldInCodesOrder",
  "questionsAskedAgain",
];

/** Of several builds of it. */
export const ofBuilds: readonly RuleName[] = ["askedOfItsBuild", "askedElsewhere"];

/** Of what the schemas of one of them do not take. */
export const ofUntaken: readonly RuleName[] = [
  "untakenAskedElsewhere",
  "allAskedBeforePassingOver",
  "passedOverByLast",
];

/** Of code that ends the workers that are asked. */
export const ofEnds: readonly RuleName[] = [
  "endsCounted",
  "endsHeldBack",
  "whatMayHaveEndedSpared",
  "whatMayHaveEndedCounted",
];
