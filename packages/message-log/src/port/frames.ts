import { LogError, type LogErrorCode } from "../log-error.ts";
import type {
  ConsumerOptions,
  MessageLog,
  OutgoingMessage,
  ProducerOptions,
  ReaderOptions,
  ReceivedMessage,
} from "../message-log.ts";
import type { Position } from "../position.ts";

/** Calls that are a question and an answer, and nothing else, and that every log has. */
export type Method = Exclude<
  keyof MessageLog,
  "openProducer" | "openConsumer" | "openReader" | "refusalOf" | "forgetsDeliveries" | "close"
>;

/** Without what can't go to another thread. */
type Sent<Options> = Omit<Options, "onMessage" | "onClose">;

export type Opening =
  | { readonly kind: "producer"; readonly options: Sent<ProducerOptions> }
  | { readonly kind: "consumer"; readonly options: Sent<ConsumerOptions> }
  | { readonly kind: "reader"; readonly options: Sent<ReaderOptions> };

/** To the thread that keeps the log. Sessions and questions are numbered by whoever asks. */
export type Asked =
  | { readonly type: "call"; readonly id: number; readonly method: Method; readonly args: readonly unknown[] }
  | {
      readonly type: "open";
      readonly id: number;
      readonly session: number;
      readonly topic: string;
      readonly opening: Opening;
    }
  | {
      readonly type: "send";
      readonly id: number;
      readonly session: number;
      readonly message: OutgoingMessage;
    }
  | {
      readonly type: "acknowledge";
      readonly session: number;
      readonly position: Position;
      readonly is: boolean;
    }
  /** A reader has taken one more. */
  | { readonly type: "took"; readonly session: number }
  | { readonly type: "close"; readonly id: number; readonly session: number };

/** From it. */
export type Told =
  | { readonly type: "done"; readonly id: number; readonly value?: unknown }
  | { readonly type: "failed"; readonly id: number; readonly error: SentError }
  | { readonly type: "message"; readonly session: number; readonly message: ReceivedMessage }
  | { readonly type: "ended"; readonly session: number; readonly error?: SentError };

/** An error without what is lost on the way to another thread. */
export interface SentError {
  readonly code?: LogErrorCode;
  readonly message: string;
}

export function sentError(error: unknown): SentError {
  if (error instanceof LogError) return { code: error.code, message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}

export function errorOf({ code, message }: SentError): Error {
  return code === undefined ? new Error(message) : new LogError(code, message);
}
