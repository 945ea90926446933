export { defaultBuild } from "../worker/build.ts";
export { type InProcessOptions, inProcessDecisions } from "./in-process-decisions.ts";
export { isWorkflow } from "./threads/options.ts";
export {
  type ThreadedDecisions,
  type ThreadedOptions,
  threadedDecisions,
} from "./threads/threaded-decisions.ts";
export { withoutCodec } from "./without-codec.ts";
