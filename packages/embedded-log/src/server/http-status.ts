import { LogError } from "@downbeat/message-log";

/** Pulsar's status for what went wrong. */
export function statusOf(error: unknown): number {
  if (!(error instanceof LogError)) return 500;
  switch (error.code) {
    case "invalid":
      return 400;
    case "missing":
      return 404;
    case "unauthorized":
      return 401;
    case "conflict":
      return 409;
    case "tooLarge":
      return 413;
    case "unavailable":
    case "closed":
      return 503;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
