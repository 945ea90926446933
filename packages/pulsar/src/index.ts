export { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "./pulsar-log.ts";
