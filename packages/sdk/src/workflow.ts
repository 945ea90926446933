import { z } from "zod";
import type { Carried } from "./carried.ts";
import { definitionPlace } from "./definitions/definition-place.ts";
import { noteDefinition } from "./definitions/definitions.ts";
import { checkName } from "./name.ts";
import { checkOptions } from "./options/check-options.ts";
import { zodSchema } from "./options/fields.ts";
import type { Run } from "./run.ts";

export interface WorkflowSettings<Input, Output, CodeInput = Input, CodeOutput = Output> {
  /** Checked by the client and by the engine before a run is accepted. */
  readonly input?: z.ZodType<CodeInput, Input>;
  readonly output?: z.ZodType<Output, CodeOutput>;
}

/** A business process: its name and its code, with types for those who start it. */
export interface Workflow<Input, Output> extends AnyWorkflow {
  readonly inputSchema?: z.ZodType<unknown, Input>;
  readonly outputSchema?: z.ZodType<Output, unknown>;
  /** Types only; never there. */
  readonly types?: { readonly input: (input: Input) => void; readonly output: Output };
}

export interface AnyWorkflow {
  readonly name: string;
  readonly inputSchema?: z.ZodType;
  readonly outputSchema?: z.ZodType;
  /** @param input what `inputSchema` made of the JSON, or the JSON itself without a schema */
  readonly execute: (run: Run, input: unknown) => Promise<unknown>;
}

type Code<Input, Output> = (run: Run, input: Input) => Promise<Output>;

/**
 * @throws RangeError or TypeError for a name or setting that can't be taken
 */
export function workflow<Input = void, Output = void>(
  name: string & Carried<Input | Output>,
  code: Code<Input, Output>,
): Workflow<Input, Output>;
export function workflow<CodeInput, CodeOutput, Input = CodeInput, Output = CodeOutput>(
  name: string & Carried<Input | Output>,
  settings: WorkflowSettings<Input, Output, CodeInput, CodeOutput>,
  code: Code<CodeInput, CodeOutput>,
): Workflow<Input, Output>;
export function workflow<Input, Output, CodeInput, CodeOutput>(
  name: string,
  settingsOrCode: WorkflowSettings<Input, Output, CodeInput, CodeOutput> | Code<CodeInput, CodeOutput>,
  maybeCode?: Code<CodeInput, CodeOutput>,
): Workflow<Input, Output> {
  checkName("workflow", name);
  const settings = typeof settingsOrCode === "function" ? {} : settingsOrCode;
  const code = typeof settingsOrCode === "function" ? settingsOrCode : maybeCode;
  if (typeof code !== "function") throw new TypeError(`Workflow ${name} has no code.`);
  checkOptions(`the workflow ${name}`, settingsSchema, settings);
  const defined: Workflow<Input, Output> = {
    name,
    ...(settings.input !== undefined && { inputSchema: settings.input }),
    ...(settings.output !== undefined && { outputSchema: settings.output }),
    // The one place where JSON without a schema is believed to be what the author says it is.
    execute: (run, input) => code(run, input as CodeInput),
  };
  noteDefinition(defined, definitionPlace(workflow));
  return defined;
}

const settingsSchema = z.strictObject(
  { input: zodSchema.optional(), output: zodSchema.optional() },
  { error: "they are an object" },
);
