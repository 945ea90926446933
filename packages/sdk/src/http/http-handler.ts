import type { Clock } from "@downbeat/message-log";
import { setLongTimer } from "../long-timer.ts";
import type { JobContext } from "../worker/handler.ts";
import { exchange, type HttpAnswer, type Progress, reasonOf } from "./exchange.ts";
import { resultOf } from "./result.ts";
import type { Service } from "./service.ts";

/** The longest and shortest between two heartbeats: a timer holds no more, and the log should not be flooded. */
const beats = { least: 20, most: 60_000 } as const;

export interface HttpHandlerOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Carries out an attempt by a POST of its input to the service. */
export function httpHandler(
  service: Service,
  options: HttpHandlerOptions,
): (input: unknown, context: JobContext) => Promise<unknown> {
  return async (input, context) => resultOf(await post(service, options, input, context), service);
}

async function post(
  service: Service,
  { timeoutMs, clock }: HttpHandlerOptions,
  input: unknown,
  { idempotencyKey, runId, jobId, attempt, signal, heartbeat, heartbeatMs }: JobContext,
): Promise<HttpAnswer> {
  const progress: Progress = { bytes: 0 };
  const ending = new AbortController();
  const stop = (): void => ending.abort(signal.reason);
  let isLate = false;
  const cancelTimer = setLongTimer(
    clock,
    () => {
      isLate = true;
      ending.abort();
    },
    timeoutMs,
  );
  // The service can't say that it is at work: as long as it is waited for, it is taken for that.
  const beating =
    heartbeatMs === undefined
      ? undefined
      : setInterval(() => heartbeat(), Math.min(beats.most, Math.max(beats.least, heartbeatMs / 4)));
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) stop();
    return await exchange(service.url, {
      body: JSON.stringify(input ?? null),
      headers: {
        accept: "application/json",
        ...service.headers,
        "content-type": "application/json",
        "idempotency-key": encodeURI(idempotencyKey),
        "downbeat-run-id": encodeURI(runId),
        "downbeat-job-id": jobId,
        "downbeat-attempt": String(attempt),
      },
      signal: ending.signal,
      progress,
    });
  } catch (error) {
    throw notAnswered(service, progress, error, { isLate, timeoutMs, signal });
  } finally {
    cancelTimer();
    clearInterval(beating);
    signal.removeEventListener("abort", stop);
  }
}

function notAnswered(
  { shown, secrets }: Service,
  { status, bytes }: Progress,
  error: unknown,
  { isLate, timeoutMs, signal }: { isLate: boolean; timeoutMs: number; signal: AbortSignal },
): Error {
  const came =
    status === undefined
      ? `POST ${shown}`
      : `POST ${shown} answered ${status}, and its body ${isLate ? "stalled" : "was cut off"} after ${bytes} bytes`;
  const why = isLate
    ? `no ${status === undefined ? "" : "whole "}answer within ${timeoutMs} ms`
    : reasonOf(signal.aborted ? signal.reason : error);
  const failed = new Error(secrets.hide(`${came}: ${why}`), isLate ? {} : { cause: error });
  failed.name = isLate ? "HttpTimeout" : "HttpUnreachable";
  return failed;
}
