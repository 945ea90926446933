import { Counter, type Registry } from "prom-client";
import type { LineOutput } from "./line-output.ts";

/** Lines of this process's own log that could not be written, on a full disk for instance. */
export function countDropped(registry: Registry, output: Pick<LineOutput, "dropped">): void {
  new Counter({
    name: "downbeat_output_dropped_lines_total",
    help: "Lines of this process's output that could not be written and were dropped",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(output.dropped);
    },
  });
}
