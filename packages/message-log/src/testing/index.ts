export { until } from "../contract/until.ts";
export { ManualClock, settled } from "./manual-clock.ts";
export { type SmallDisk, smallDisk } from "./small-disk.ts";
