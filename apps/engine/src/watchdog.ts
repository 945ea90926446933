import { Worker } from "node:worker_threads";

const stuckAfterMs = 30_000;

/**
 * Ends this process when its event loop stands still, as it does in workflow code that never ends. A supervisor starts it again, and others take over its
 * partitions meanwhile. A paused process (SIGSTOP, a sleeping laptop) is not stuck: the watchdog sleeps with it.
 */
export function startWatchdog(): () => Promise<number> {
  const beat = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => Atomics.add(beat, 0, 1), 1_000);
  timer.unref();
  const watcher = new Worker(source, { eval: true, workerData: { beat, stuckAfterMs } });
  watcher.unref();
  return () => {
    clearInterval(timer);
    return watcher.terminate();
  };
}

const source = `
const { workerData: { beat, stuckAfterMs } } = require("node:worker_threads");
let seen = -1, silent = 0;
setInterval(() => {
  const now = Atomics.load(beat, 0);
  silent = now === seen ? silent + 1000 : 0;
  seen = now;
  if (silent >= stuckAfterMs) {
    require("node:fs").writeSync(2, "The engine's event loop has stood still for " + silent / 1000 + " s: workflow code that never ends? The process ends now.\\n");
    process.kill(process.pid, "SIGKILL");
  }
}, 1000);
`;
