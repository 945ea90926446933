export { masked } from "./mask-json.ts";
export { parseMaskPath } from "./mask-path.ts";
export type { MaskRule } from "./mask-rules.ts";
