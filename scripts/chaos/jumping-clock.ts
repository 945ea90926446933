import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/**
 * Preloaded into a process (and each of its threads): its wall clock jumps while one of the windows in the file lasts. The windows are told in monotonic
 * time, so that all threads jump at the same moment, as they do when somebody sets the clock of a machine.
 */
interface Window {
  /** Monotonic ms. */
  readonly from: number;
  readonly to: number;
  readonly offsetMs: number;
}

const file = process.env.CHAOS_CLOCK ?? "";
const now = Date.now;
const RealDate = Date;
let windows: readonly Window[] = [];

function look(): void {
  try {
    windows = JSON.parse(readFileSync(file, "utf8")) as Window[];
  } catch {
    // Not there yet, or being written.
  }
}

function offset(): number {
  if (windows.length === 0) return 0;
  const at = Number(process.hrtime.bigint() / 1_000_000n);
  return windows.find(({ from, to }) => from <= at && at < to)?.offsetMs ?? 0;
}

look();
setInterval(look, 200).unref();
globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number]) {
    if (given.length === 0) super(now() + offset());
    else super(...given);
  }
  static override now(): number {
    return now() + offset();
  }
} as DateConstructor;
if (isMainThread) console.log("The clock of this process jumps when it is told to.");
