import { Worker } from "node:worker_threads";

/** What became of it; `loaded` also where it threw, which an import here says better. */
export type TrialImport = "loaded" | "endless" | "exited";

const code = `
const { parentPort, workerData } = require("node:worker_threads");
const over = () => parentPort.postMessage("over");
import(workerData).then(over, over);
`;

/**
 * Imports a module in a thread that can be ended: one whose top level never ends, or ends the process, would take this process with it. What it prints is left out, as it
 * is imported once more.
 */
export function triedImport(url: string, withinMs: number): Promise<TrialImport> {
  const thread = new Worker(code, { eval: true, workerData: url, stdout: true, stderr: true });
  return new Promise((resolve) => {
    let isOver = false;
    const end = (as: TrialImport) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      // Whatever it holds, such as a port, is let go of before it is imported again.
      void thread.terminate().finally(() => resolve(as));
    };
    const timer = setTimeout(() => end("endless"), withinMs);
    thread.once("message", () => end("loaded"));
    // Thrown where nothing catches it: so it is by an import here.
    thread.once("error", () => end("loaded"));
    thread.once("exit", () => end("exited"));
  });
}
