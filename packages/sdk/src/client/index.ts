import "../require-node.ts";

export { Client, type ClientOptions, client, type RunOptions, type StartOptions } from "./client.ts";
export type { CommandBody } from "./command-body.ts";
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
