import { LogError } from "@downbeat/message-log";

/** @param why in a sentence */
export function otherLog(topic: string, why: string): Error {
  return new Error(`Another log is read at ${topic} now: ${why}`);
}

/** The log says that it has no such place. */
export function isUnknownPosition(error: Error): boolean {
  return error instanceof LogError && error.code === "invalid";
}
