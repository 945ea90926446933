export { type InProcessOptions, inProcessDecisions } from "./in-process-decisions.ts";
