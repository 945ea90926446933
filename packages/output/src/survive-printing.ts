import type { Writable } from "node:stream";

/**
 * What is printed beside the lines of the log (`console`, `process.stdout`, `process.stderr`) may go to a file on a full disk, or to a reader that is gone. Without
 * a listener of their `error` events that ends the process.
 */
export function survivePrinting(streams: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => {});
}
