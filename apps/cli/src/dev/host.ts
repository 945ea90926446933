import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { survivePrinting } from "@downbeat/output";
import { ownCodeArgs, parseOwnCode } from "./own-code-args.ts";
import { RestartedProcess } from "./restarted-process.ts";
import { watchSources } from "./watch-sources.ts";

/** Keeps the process that hosts the given code, and starts it again when a file beside or below its modules changes. */

survivePrinting();
const code = parseOwnCode(process.argv.slice(2));
const shown = (path: string): string => relative(process.cwd(), path);
const notice = (sentence: string): void => {
  process.stdout.write(`worker: ${sentence}\n`);
  process.send?.({ type: "notice", sentence });
};

const hosted = new RestartedProcess({
  file: fileURLToPath(new URL("./hosted-code.ts", import.meta.url)),
  args: ownCodeArgs(code),
  onReady: (isAgain) => {
    if (isAgain) notice("started again; open runs go on.");
    process.send?.({ type: "ready" });
  },
  onFailed: (words) => {
    notice(`${words}\nIt is started again when a file changes.`);
    process.send?.({ type: "ready" });
  },
  onSlow: (seconds) => {
    const files = Object.values(code).map(shown).join(" or ");
    notice(
      `not ready after ${seconds} s. Does ${files}, or a file that it imports, compute or wait without end where it is loaded?`,
    );
    process.send?.({ type: "ready" });
  },
  onEnded: (how, againAfterMs) => {
    notice(`${how}. It is started again in ${againAfterMs / 1_000} s.`);
    process.send?.({ type: "ready" });
  },
});

const folders = new Set(Object.values(code).map((path) => dirname(path)));
const watching = [...folders].map((folder) =>
  watchSources(folder, (file) => {
    notice(`${shown(file)} changed.`);
    hosted.restart();
  }),
);

let isStopping = false;
const stop = (): void => {
  if (isStopping) return;
  isStopping = true;
  for (const end of watching) end();
  void hosted.stop().then(() => process.exit(0));
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
// Started by another process of ours that is gone.
process.once("disconnect", stop);
