export { gatherEvents } from "./gather-events.ts";
export { historyJson } from "./history-json.ts";
export { historyText } from "./history-text.ts";
