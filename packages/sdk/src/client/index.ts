import "../require-node.ts";

export { Client, type ClientOptions, type CommandBody, client, type StartOptions } from "./client.ts";
export {
  CommandLostError,
  type Delivery,
  NoAnswerError,
  NoSuchRunError,
  RunNotCompletedError,
  RunRefusedError,
  RunStuckError,
} from "./errors.ts";
export type { RunEnd } from "./outcomes.ts";
export type { ResultOptions, RunHandle } from "./run-handle.ts";
