import type { Verdict } from "./trials.ts";

/** How to treat commands that ended processes before. */
export interface Care {
  verdictOn(commandId: string): Verdict | undefined;
  /** The workflow code is asked, or has answered. */
  inCode(is: boolean): void;
}
