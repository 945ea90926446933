import type { DecisionService, DecisionSession, StartRefusal } from "@downbeat/protocol";
import { z } from "zod";
import { type LoggerOption, loggerOf } from "../logging/careful-logger.ts";
import { SaidLines } from "../logging/said-lines.ts";
import { checkOptions } from "../options/check-options.ts";
import { callable, logger, wholeNumber } from "../options/fields.ts";
import { decodePayload } from "../payload.ts";
import { checkNow } from "../schema-check.ts";
import type { AnyWorkflow } from "../workflow.ts";
import { followCombinators } from "./follow-combinators.ts";
import { InProcessSession } from "./in-process-session.ts";
import { setUpSurroundings } from "./surroundings/set-up.ts";
import { byName } from "./threads/options.ts";
import { unknownWorkflow } from "./unknown-workflow.ts";

export interface InProcessOptions {
  /** How many live coroutines a session keeps at most; a run beyond them is replayed when it is asked about. Default 20,000. */
  readonly maxCachedRuns?: number;
  /** Hears of a rejected promise that workflow code left behind, which changes nothing for the run. */
  readonly onStray?: (runId: string, reason: Error) => void;
  /** Takes what workflow code writes with `run.log`. Default: nobody. */
  readonly logger?: LoggerOption;
}

// Before any workflow is loaded, as far as that is in our hands: code may keep `Promise.race` or `Date` under a name of its own.
followCombinators();
setUpSurroundings();

const optionsSchema = z.strictObject(
  {
    maxCachedRuns: wholeNumber(0, 1_000_000_000).optional(),
    onStray: callable.optional(),
    logger: logger.optional(),
  },
  { error: "they are an object" },
);

/**
 * Runs workflow code in this process.
 *
 * @throws RangeError when two workflows have one name, RangeError or TypeError for an option that can't be taken
 */
export function inProcessDecisions(
  workflows: readonly AnyWorkflow[],
  options: InProcessOptions = {},
): DecisionService {
  checkOptions("inProcessDecisions()", optionsSchema, options);
  const { maxCachedRuns: maxCached = 20_000, onStray = () => {}, logger = false } = options;
  const said = new SaidLines(loggerOf(logger));
  const named = byName(workflows);
  return {
    checkStart: (name, input) => checkStart(named, name, input),
    openSession: (): DecisionSession =>
      new InProcessSession(named, { maxCached, onStray, onLine: said.sayLater }),
  };
}

function checkStart(
  workflows: ReadonlyMap<string, AnyWorkflow>,
  name: string,
  input: string,
): StartRefusal | undefined {
  const workflow = workflows.get(name);
  if (workflow === undefined) return { code: "UnknownWorkflow", message: unknownWorkflow(workflows, name) };
  if (workflow.inputSchema === undefined) return undefined;
  const checked = checkNow(workflow.inputSchema, decodePayload(input));
  if (checked.ok) return undefined;
  return { code: "InvalidInput", message: `The input does not fit ${name}.\n${checked.problem}` };
}
