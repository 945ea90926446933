import { Worker } from "node:worker_threads";
import { markLong } from "@downbeat/engine/work-notes";

export interface WatchdogOptions {
  /** Where the engine notes what it is at: what takes long is marked there. */
  readonly notes: string;
  readonly stuckAfterMs?: number;
}

/**
 * Ends this process when its event loop stands still, as it does in workflow code that never ends. A supervisor starts it again, and others take over its
 * partitions meanwhile. What counts is the time that the main thread has spent itself: a process that is paused (SIGSTOP, a sleeping laptop) or gets no
 * processor is not stuck.
 */
export function startWatchdog({ notes, stuckAfterMs = 30_000 }: WatchdogOptions): () => Promise<number> {
  const beat = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => Atomics.add(beat, 0, 1), Math.min(250, stuckAfterMs / 8));
  timer.unref();
  const watcher = new Worker(new URL("./watchdog-thread.ts", import.meta.url), {
    workerData: { beat, notes, stuckAfterMs },
  });
  watcher.unref();
  // Whoever leaves in the midst of a decision (process.exit in workflow code, an error nobody caught) does so because of it.
  const onExit = () => markLong(notes);
  process.on("exit", onExit);
  return () => {
    clearInterval(timer);
    process.off("exit", onExit);
    return watcher.terminate();
  };
}
