/** A worker that is there. */
export interface WorkerView {
  /** Of this start of it. */
  readonly id: string;
  /** Several may have the same. */
  readonly name: string;
  readonly host: string;
  /** What its code is called; empty where it has no name. */
  readonly build: string;
  readonly sdk: string;
  readonly startedAt: number;
  /** Its last sign of life, by the log's time. */
  readonly heardAt: number;
  /** `inHand`: attempts that it was at when it was heard, of `concurrency` at most; absent where its SDK doesn't say. */
  readonly jobs: readonly { readonly type: string; readonly concurrency: number; readonly inHand?: number }[];
  /** Names of the workflows whose code it hosts. */
  readonly workflows: readonly string[];
}

export interface WorkerList {
  /** By name. */
  readonly workers: readonly WorkerView[];
}

/** JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the schemas don't say, and only workers check: of the input, the output or a signal. */
export interface LeftOutView {
  readonly of: string;
  /** `partly`: at these places the code checks more than JSON Schema can say. */
  readonly why: "tooLarge" | "notJson" | "partly";
  readonly places?: readonly string[] | undefined;
}

interface DefinitionView {
  /** Of the worker that announced it last. */
  readonly build: string;
  readonly announcedAt: number;
  readonly input?: JsonSchema | undefined;
  readonly output?: JsonSchema | undefined;
  readonly leftOut?: readonly LeftOutView[] | undefined;
  /** How many workers that have it are there. */
  readonly workers: number;
}

/** A workflow that a worker has announced, whether or not one is there now. */
export interface KnownWorkflowView extends DefinitionView {
  readonly workflow: string;
  /** What comes with signals, by their names. */
  readonly signals?: Readonly<Record<string, JsonSchema>> | undefined;
}

/** The same of a kind of jobs. */
export interface KnownJobTypeView extends DefinitionView {
  readonly jobType: string;
}

export interface KnownWorkflowList {
  /** By name. */
  readonly workflows: readonly KnownWorkflowView[];
  readonly jobTypes: readonly KnownJobTypeView[];
}
