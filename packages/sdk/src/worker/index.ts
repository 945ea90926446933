export {
  type AnyHandler,
  type HandledJob,
  type Handler,
  type HandlerOptions,
  type HandlersByName,
  handle,
  type JobContext,
} from "./handler.ts";
export { type Worker, type WorkerOptions, worker } from "./worker.ts";
