import { z } from "zod";
import { checkOptions } from "../options/check-options.ts";
import { durationMs } from "../options/fields.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { shownText } from "../thrown/shown-value.ts";
import type { HandlerWithOptions, JobContext } from "../worker/handler.ts";
import { resultOf } from "./response.ts";

export interface HttpJob extends Omit<HandlerWithOptions, "handler"> {
  readonly url: string | URL;
  /** How long the service may take to answer. Default 30,000. */
  readonly timeoutMs?: number;
  /** For example credentials. They can't replace the headers that name the attempt. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface HttpHandler extends HandlerWithOptions {
  readonly handler: (input: unknown, context: JobContext) => Promise<unknown>;
}

/**
 * Handlers for services that speak HTTP only, to be hosted by a worker: each attempt is a POST of the job's input. Which
 * answers mean what is written down in docs/http-jobs.md.
 */
export function httpJobs<Name extends string>(
  jobs: Readonly<Record<Name, HttpJob>>,
): Record<Name, HttpHandler> {
  const entries = Object.entries<HttpJob>(jobs).map(
    ([name, { url, timeoutMs: given = 30_000, headers = {}, ...options }]) => {
      const what = `the HTTP job ${shownText(name, 100)}`;
      const { timeoutMs } = checkOptions(what, ownOptions, { url, timeoutMs: given, headers });
      const target = new URL(url);
      const handler = async (input: unknown, context: JobContext): Promise<unknown> => {
        const response = await post(target, timeoutMs, input, headers, context);
        return resultOf(response, target);
      };
      return [name, { ...options, handler }] as const;
    },
  );
  return Object.fromEntries(entries) as Record<Name, HttpHandler>;
}

// A timer of Node's that is longer fires at once; no service takes 24 days to answer.
const longestTimeoutMs = 2 ** 31 - 1;

const ownOptions = z.strictObject({
  url: z.custom<string | URL>((url) => URL.canParse(String(url)), { error: "it is an address" }),
  timeoutMs: durationMs(1).refine((ms) => ms <= longestTimeoutMs, {
    error: `it is a number of milliseconds from 1 to ${longestTimeoutMs}`,
  }),
  headers: z.record(z.string(), z.string({ error: "it is a text" }), { error: "they are texts by name" }),
});

async function post(
  url: URL,
  timeoutMs: number,
  input: unknown,
  headers: Readonly<Record<string, string>>,
  { idempotencyKey, runId, jobId, attempt, signal }: JobContext,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      body: JSON.stringify(input ?? null),
      headers: {
        accept: "application/json",
        ...headers,
        "content-type": "application/json",
        "idempotency-key": encodeURI(idempotencyKey),
        "downbeat-run-id": encodeURI(runId),
        "downbeat-job-id": jobId,
        "downbeat-attempt": String(attempt),
      },
      // A redirected POST may turn into a GET: the address has to be right.
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    throw unreachable(error, url, timeoutMs);
  }
}

function unreachable(error: unknown, url: URL, timeoutMs: number): Error {
  const timedOut = error instanceof DOMException && error.name === "TimeoutError";
  const reason = timedOut ? `no answer within ${timeoutMs} ms` : reasonOf(error);
  const failed = new Error(`POST ${url.origin}${url.pathname}: ${reason}`, { cause: error });
  failed.name = timedOut ? "HttpTimeout" : "HttpUnreachable";
  return failed;
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return (cause === undefined ? "" : thrownText(cause)) || thrownText(error);
}
