import type { CodeLine } from "../logging/code-log.ts";
import type { OnStray } from "../running-code.ts";

/** Who hears what a run's code says and leaves behind. */
export interface Listeners {
  readonly onStray: OnStray;
  readonly onLine: (line: CodeLine) => void;
}
