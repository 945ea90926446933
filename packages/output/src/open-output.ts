import { LineOutput } from "./line-output.ts";
import { survivePrinting } from "./survive-printing.ts";

/** The lines of this process, on standard output. Whatever becomes of that, the process goes on. */
export function openOutput(): LineOutput {
  survivePrinting();
  const output = new LineOutput();
  process.on("exit", () => output.flushSync());
  return output;
}
