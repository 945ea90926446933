export { logOverPort } from "./log-over-port.ts";
export { servePort } from "./serve-port.ts";
