import { checkHistory } from "./check-history.ts";
import { codeHomes } from "./code-home.ts";
import { play, type Tally } from "./play.ts";
import type { Program } from "./program.ts";
import { type Finding, Stage } from "./stage.ts";

/** Plays what its parent sends, and says what it found. A process of its own: it may not survive. */

export type FromChild =
  | { readonly type: "ready" }
  | { readonly type: "found"; readonly finding: Finding }
  | { readonly type: "played"; readonly tally: Tally }
  | { readonly type: "checked" };

export type ToChild =
  | { readonly type: "play"; readonly programs: readonly Program[]; readonly restarts: boolean }
  | { readonly type: "finish" };

const tell = (message: FromChild): void => void process.send?.(message);
const report = (finding: Finding): void => tell({ type: "found", finding });

// Any of them would have ended an engine or a worker.
process.on("uncaughtException", (error: unknown) => {
  report({ kind: "death", what: shown(error) });
});
process.on("disconnect", () => process.exit(0));

const home = codeHomes.find((one) => one === process.argv[2]) ?? "engine";
const stage = await Stage.open(report, home);
let batch = 0;
process.on("message", async (message: ToChild) => {
  if (message.type === "play") {
    const options = { batch: batch++, restarts: message.restarts, report };
    return tell({ type: "played", tally: await play(stage, message.programs, options) });
  }
  await checkHistory(stage.log, report);
  await stage.close();
  tell({ type: "checked" });
  process.exit(0);
});
tell({ type: "ready" });

function shown(value: unknown): string {
  try {
    return value instanceof Error ? String(value.stack) : `a value that is no error: ${String(value)}`;
  } catch {
    return "a value that can't be looked at";
  }
}
