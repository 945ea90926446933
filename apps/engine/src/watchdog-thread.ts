import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { longAfterMs, markLong } from "@downbeat/engine/work-notes";
import { z } from "zod";
import { lookAtMainThread } from "./main-thread.ts";
import { Standstill } from "./standstill.ts";

const { beat, notes, stuckAfterMs } = z
  .object({ beat: z.instanceof(Int32Array), notes: z.string(), stuckAfterMs: z.number() })
  .parse(workerData);

const everyMs = Math.min(500, stuckAfterMs / 4);
const standstill = new Standstill(everyMs);
let isMarked = false;

setInterval(() => {
  const ms = standstill.see({ beat: Atomics.load(beat, 0), ...lookAtMainThread() });
  if (ms < Math.min(longAfterMs, stuckAfterMs)) isMarked = false;
  else if (!isMarked) {
    isMarked = true;
    markLong(notes);
  }
  if (ms < stuckAfterMs) return;
  const seconds = Math.round(ms / 1_000);
  const sentence = `The engine's event loop has stood still for ${seconds} s of its own time: workflow code that never ends? The process ends now.\n`;
  writeSync(2, sentence);
  process.kill(process.pid, "SIGKILL");
}, everyMs);
