export { countDropped } from "./count-dropped.ts";
export type { LineOutput } from "./line-output.ts";
export { openOutput } from "./open-output.ts";
export { survivePrinting } from "./survive-printing.ts";
