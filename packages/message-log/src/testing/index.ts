export { until } from "../contract/until.ts";
export { ManualClock, settled } from "./manual-clock.ts";
