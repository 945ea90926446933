import { capitalised } from "../capitalised.ts";
import { durationWords } from "../figure-words.ts";
import type { EngineRule } from "./evidence.ts";

/** What isn't done in a namespace before another person agrees. */
export interface SecondPersonRule {
  /** Runs aren't terminated by one person, one or many. */
  readonly terminate: boolean;
  /** Nor are jobs completed with a value. */
  readonly complete: boolean;
  /** Nor is anything done at once to more jobs or runs than this; absent: to as many as are wanted. */
  readonly bulkAbove?: number | undefined;
  /** How long somebody may be found who agrees, ms. */
  readonly expiresAfterMs: number;
}

/** What somebody is about to do. */
export interface Intent {
  /** As actions are called: `terminateRun`. */
  readonly verb: string;
  /** Of a bulk action, what it acts on. */
  readonly targets?: number;
}

/** What the rule keeps from one person alone, in a sentence; `undefined` where they may. */
export function whyTwo(rule: SecondPersonRule | undefined, { verb, targets }: Intent): string | undefined {
  if (rule === undefined) return undefined;
  if (rule.terminate && verb === "terminateRun") return "Terminating a run needs a second person here.";
  if (rule.complete && verb === "completeJob")
    return "Completing a job with a value needs a second person here.";
  if (targets === undefined || rule.bulkAbove === undefined || targets <= rule.bulkAbove) return undefined;
  const least = rule.bulkAbove.toLocaleString("en");
  return `Acting on more than ${least} at once needs a second person here.`;
}

/** What nobody may do alone, in a sentence. */
export function secondPersonWords({
  terminate,
  complete,
  bulkAbove,
  expiresAfterMs,
}: SecondPersonRule): string {
  const all = [
    ...(terminate ? ["terminating runs"] : []),
    ...(complete ? ["completing jobs with a value"] : []),
    ...(bulkAbove === undefined ? [] : [`acting on more than ${bulkAbove.toLocaleString("en")} at once`]),
  ];
  const list = new Intl.ListFormat("en", { type: "conjunction" }).format(all);
  return `${capitalised(list)} ${all.length === 1 ? "needs" : "need"} a second person, within ${durationWords(expiresAfterMs)}.`;
}

/** Of several rules for one place, all that any of them asks for. */
export function strictest(rules: readonly SecondPersonRule[]): SecondPersonRule | undefined {
  const [first] = rules;
  if (first === undefined) return undefined;
  const least = Math.min(...rules.map(({ bulkAbove }) => bulkAbove ?? Number.POSITIVE_INFINITY));
  return {
    terminate: rules.some(({ terminate }) => terminate),
    complete: rules.some(({ complete }) => complete),
    ...(Number.isFinite(least) && { bulkAbove: least }),
    expiresAfterMs: Math.min(...rules.map(({ expiresAfterMs }) => expiresAfterMs)),
  };
}

/** As much of the rule as an engine can look at. Who may not do something to one may not do it to many either, so bulk actions begin at servers. */
export function engineRuleOf({ terminate, complete, bulkAbove }: SecondPersonRule): EngineRule {
  return { terminate, complete, bulk: terminate || complete || bulkAbove !== undefined };
}
