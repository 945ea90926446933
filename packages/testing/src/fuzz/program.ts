import type { OddName } from "./odd-values.ts";
import type { Replacement } from "./replace-shared.ts";

/** What a run of the fuzz suite does: a value that goes through JSON, so that it is a run's input and can be printed and played again. */
export interface Program {
  readonly runId: string;
  readonly labels: OddName | undefined;
  readonly steps: readonly Step[];
  readonly calls: readonly Call[];
}

export type Step =
  | {
      readonly do: "job";
      readonly act: Act;
      readonly input: OddName;
      readonly options: Readonly<Record<string, OddName>>;
    }
  | { readonly do: "jobs" | "waits"; readonly count: number }
  | { readonly do: "define"; readonly name: OddName; readonly settings: OddName }
  | { readonly do: "sleep" | "sleepUntil"; readonly time: OddName }
  | { readonly do: "signal"; readonly name: OddName; readonly timeout: OddName }
  | { readonly do: "together"; readonly how: Together; readonly branches: readonly (readonly Step[])[] }
  | { readonly do: "try"; readonly body: readonly Step[]; readonly caught: readonly Step[] }
  | { readonly do: "repeat"; readonly times: number; readonly body: readonly Step[] }
  | { readonly do: "compensate"; readonly act: Act; readonly input: OddName }
  | { readonly do: "throw" | "return" | "labels" | "stray" | "await"; readonly value: OddName }
  | { readonly do: "spin"; readonly ms: number }
  /** Ends the thread that it runs in, one way or another: only where that is none of the engine's. */
  | { readonly do: Deadly }
  | Replacement
  /** Goes on forever, whatever it is refused. */
  | { readonly do: "insist"; readonly on: "job" | "sleep" | "signal" }
  | { readonly do: "chance"; readonly body: readonly Step[] }
  | { readonly do: "misuse"; readonly method: string; readonly arguments: readonly OddName[] };

/** Never ends, exits, takes all memory. */
export const deadly = ["endless", "exit", "hoard"] as const;
type Deadly = (typeof deadly)[number];

export type Together = "all" | "race" | "any" | "allSettled";

/** What a handler does with an attempt. */
export interface Act {
  readonly how: "return" | "throw" | "heartbeat" | "hang" | "failTwice";
  readonly value: OddName;
}

/** What a client or an operator does to the run, or beside it. */
export interface Call {
  readonly by: "client" | "api";
  readonly verb: string;
  readonly values: readonly OddName[];
}
