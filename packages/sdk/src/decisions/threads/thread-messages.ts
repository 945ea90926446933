import type { Failure } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer, Offer } from "@downbeat/protocol";
import type { CodeLine } from "../../logging/code-log.ts";
import type { OfferAnswer } from "./answers.ts";
import type { HostedWorkflow } from "./hosted-workflow.ts";

/** A workflow that is wanted from whichever of these files defines it. */
export interface WantedWorkflow {
  readonly name: string;
  readonly files: readonly string[];
  readonly line: number;
}

/** Where a thread gets workflow code from: all that a module exports, or what was defined elsewhere in this process. */
export type CodeSource =
  | { readonly type: "module"; readonly url: string }
  | { readonly type: "definitions"; readonly wanted: readonly WantedWorkflow[] };

/** What a thread is started with. */
export interface ThreadData {
  readonly source: CodeSource;
  readonly atWork: Int32Array;
  readonly maxCachedRuns: number;
  /** Runs are forgotten when half of it is in use. */
  readonly memoryMb: number;
}

/** Asked and answered in the order in which it comes. */
export type ThreadTask =
  | { readonly type: "answer"; readonly id: number; readonly key: string; readonly question: AskedQuestion }
  | {
      readonly type: "check";
      readonly id: number;
      readonly key: string;
      readonly question: AskedQuestion;
      readonly offer: Offer;
    }
  | { readonly type: "forget"; readonly key: string };

export interface Told {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export type ThreadReply =
  | { readonly type: "answer"; readonly id: number; readonly answer: DecisionAnswer }
  | { readonly type: "check"; readonly id: number; readonly answer: OfferAnswer };

export type FromThread =
  | {
      readonly type: "ready";
      readonly workflows: readonly HostedWorkflow[];
      /** What was wanted and is not there, and why. */
      readonly missing: readonly { readonly name: string; readonly reason: string }[];
      /** Where the system keeps account of the thread's time. */
      readonly account?: string;
    }
  /** No code could be loaded. */
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "replies"; readonly replies: readonly ThreadReply[] }
  | { readonly type: "stray"; readonly key: string; readonly error: Told }
  /** Written by the code of a run. */
  | { readonly type: "line"; readonly line: CodeLine }
  /** The code of the run ends this thread. */
  | { readonly type: "fault"; readonly key: string; readonly failure: Failure }
  /** Something that no run did. */
  | { readonly type: "problem"; readonly problem: string; readonly error: Told };

const fieldOf: Readonly<Record<FromThread["type"], string>> = {
  ready: "workflows",
  failed: "reason",
  replies: "replies",
  stray: "error",
  line: "line",
  problem: "problem",
  fault: "failure",
};

/** Workflow code that gets hold of the port could say anything: what is none of these ends its thread, and not the process. */
export function isFromThread(told: unknown): told is FromThread {
  if (typeof told !== "object" || told === null || !("type" in told)) return false;
  const { type } = told;
  if (typeof type !== "string" || !Object.hasOwn(fieldOf, type)) return false;
  const content: unknown = Reflect.get(told, fieldOf[type as FromThread["type"]]);
  const isList = type === "ready" || type === "replies";
  return isList ? Array.isArray(content) && content.every(isObject) : content !== undefined;
}

function isObject(thing: unknown): boolean {
  return typeof thing === "object" && thing !== null;
}
