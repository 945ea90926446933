import "../require-node.ts";

export {
  type AnyHandler,
  type HandledJob,
  type Handler,
  type HandlerOptions,
  type HandlersByName,
  type HandlerWithOptions,
  handle,
  type JobContext,
  type JobSchemas,
} from "./handler.ts";
export { type Worker, type WorkerOptions, type WorkflowLimits, worker } from "./worker.ts";
