import "../require-node.ts";

export type { IdTaken } from "@downbeat/domain";
export { Client, client } from "./client.ts";
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
export type { ClientOptions, RunOptions, StartOptions } from "./options.ts";
export type { RunEnd } from "./outcomes.ts";
export type { ResultOptions, RunHandle } from "./run-handle.ts";
