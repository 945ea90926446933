export { openPulsarLog, type PulsarLogOptions } from "./open.ts";
export { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "./pulsar-log.ts";
