import type { Delegation } from "@downbeat/engine";
import type { DecisionService } from "@downbeat/protocol";
import { inProcessDecisions, threadedDecisions } from "@downbeat/sdk/decisions";
import { hostedByWorkers } from "../hosted-by-workers.ts";
import { control, fuzzed } from "./interpret.ts";

/** Where workflow code runs: in the engine's own thread, in threads of its process, or with workers. */
export const codeHomes = ["engine", "threads", "workers"] as const;
export type CodeHome = (typeof codeHomes)[number];

/** Short, as there are many programs that never end; of processor time, so that a busy machine is none. */
export const limits = { stepMs: 300, memoryMb: 128 };

export interface EngineCode {
  readonly decisions: DecisionService;
  readonly delegation?: Delegation;
  close(): Promise<void>;
}

/** @param onProblem hears what would make the limits mean nothing */
export function codeOf(home: CodeHome, onProblem: (problem: string) => void): EngineCode {
  const hosted = [fuzzed, control];
  if (home === "threads") {
    const decisions = threadedDecisions(hosted, { ...limits, onProblem });
    return { decisions, close: () => decisions.close() };
  }
  const close = async () => {};
  if (home === "engine") return { decisions: inProcessDecisions(hosted), close };
  return { decisions: inProcessDecisions([]), delegation: hostedByWorkers, close };
}
