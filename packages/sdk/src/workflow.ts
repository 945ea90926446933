import { z } from "zod";
import type { Carried } from "./carried.ts";
import { definitionPlace } from "./definitions/definition-place.ts";
import { noteDefinition } from "./definitions/definitions.ts";
import { checkName } from "./name.ts";
import { checkOptions } from "./options/check-options.ts";
import { oneOf, shortText, zodSchema } from "./options/fields.ts";
import type { NoSignals, Run, SignalSchemas } from "./run.ts";
import { field } from "./thrown/careful.ts";
import { shownText } from "./thrown/shown-value.ts";

export interface WorkflowSettings<
  Input,
  Output,
  CodeInput = Input,
  CodeOutput = Output,
  Signals extends SignalSchemas = NoSignals,
> {
  /** Checked by the client and by the engine before a run is accepted. */
  readonly input?: z.ZodType<CodeInput, Input>;
  readonly output?: z.ZodType<Output, CodeOutput>;
  /**
   * What comes with the signals that the code waits for, by their names. One that doesn't fit is refused whenever it comes, and `run.signal(name)` gives what the schema
   * makes of it.
   */
  readonly signals?: Signals;
  /**
   * `pinned`: a run stays with the build that began it. It is asked of workers of that build alone, and waits for one where none is there. For code that lives in
   * workers, which name their `build`.
   */
  readonly versioning?: "pinned";
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
  readonly signalSchemas?: SignalSchemas;
  readonly versioning?: "pinned";
  /** @param input what `inputSchema` made of the JSON, or the JSON itself without a schema */
  readonly execute: (run: Run, input: unknown) => Promise<unknown>;
}

type Code<Input, Output, Signals extends SignalSchemas = NoSignals> = (
  run: Run<Signals>,
  input: Input,
) => Promise<Output>;

/**
 * @throws RangeError or TypeError for a name or setting that can't be taken
 */
export function workflow<Input = void, Output = void>(
  name: string & Carried<Input> & Carried<Output>,
  code: Code<Input, Output>,
): Workflow<Input, Output>;
export function workflow<
  CodeInput,
  CodeOutput,
  Input = CodeInput,
  Output = CodeOutput,
  Signals extends SignalSchemas = NoSignals,
>(
  name: string & Carried<Input> & Carried<Output> & Carried<z.input<Signals[keyof Signals]>>,
  settings: WorkflowSettings<Input, Output, CodeInput, CodeOutput, Signals>,
  code: Code<CodeInput, CodeOutput, Signals>,
): Workflow<Input, Output>;
export function workflow<Input, Output, CodeInput, CodeOutput, Signals extends SignalSchemas>(
  name: string,
  settingsOrCode:
    | WorkflowSettings<Input, Output, CodeInput, CodeOutput, Signals>
    | Code<CodeInput, CodeOutput, Signals>,
  maybeCode?: Code<CodeInput, CodeOutput, Signals>,
): Workflow<Input, Output> {
  checkName("workflow", name);
  if (typeof settingsOrCode === "function" && maybeCode !== undefined)
    throw new TypeError(`The code of workflow ${name} comes last: workflow(name, settings, code).`);
  const settings = typeof settingsOrCode === "function" ? {} : settingsOrCode;
  const code = typeof settingsOrCode === "function" ? settingsOrCode : maybeCode;
  if (typeof code !== "function") throw new TypeError(`Workflow ${name} has no code.`);
  checkOptions(`the workflow ${name}`, settingsSchema, settings);
  const defined: Workflow<Input, Output> = {
    name,
    ...(settings.input !== undefined && { inputSchema: settings.input }),
    ...(settings.output !== undefined && { outputSchema: settings.output }),
    ...(settings.signals !== undefined && { signalSchemas: settings.signals }),
    ...(settings.versioning !== undefined && { versioning: settings.versioning }),
    // The one place where JSON without a schema is believed to be what the author says it is; `run` checks signals by the schemas above.
    execute: (run, input) => code(run as Run<Signals>, input as CodeInput),
  };
  noteDefinition(defined, definitionPlace(workflow));
  return Object.freeze(defined);
}

/** @throws TypeError for what is no workflow, and no name of one */
export function namedWorkflow<Given extends { readonly name: string }>(
  what: string,
  given: Given | string,
): Given | { readonly name: string } {
  const value: unknown = given;
  if (typeof given === "string") return { name: given };
  if (typeof field(value, "name") === "string") return given;
  throw new TypeError(
    `${what} takes a workflow as workflow() makes it, or its name, and was given ${shownText(value, 100)}.`,
  );
}

const settingsSchema = z.strictObject(
  {
    input: zodSchema.optional(),
    output: zodSchema.optional(),
    signals: z
      .record(shortText(200), zodSchema, { error: "they are schemas by the names of signals" })
      .optional(),
    versioning: oneOf("pinned").optional(),
  },
  { error: "they are an object" },
);
