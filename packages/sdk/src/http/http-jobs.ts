import { systemClock } from "@downbeat/message-log";
import { checkName } from "../name.ts";
import { checkOptions } from "../options/check-options.ts";
import { shownText } from "../thrown/shown-value.ts";
import { type HandlerWithOptions, type JobContext, refuseOtherJob } from "../worker/handler.ts";
import { httpHandler } from "./http-handler.ts";
import { httpJobOptions } from "./http-job-options.ts";
import { serviceOf } from "./service.ts";
import { refuseTooLate } from "./too-late.ts";

export interface HttpJob extends Omit<HandlerWithOptions, "handler"> {
  /** A user and password in it are sent as `Authorization`, and shown to nobody. */
  readonly url: string | URL;
  /** How long the service may take for the whole of its answer. Default 30,000. */
  readonly timeoutMs?: number;
  /** For example credentials. Those that name the attempt and its body can't be given. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface HttpHandler extends HandlerWithOptions {
  readonly handler: (input: unknown, context: JobContext) => Promise<unknown>;
}

const defaultTimeoutMs = 30_000;

/**
 * Handlers for services that speak HTTP only, to be hosted by a worker: each attempt is a POST of the job's input. Which
 * answers mean what is written down in docs/http-jobs.md.
 *
 * @throws RangeError or TypeError for an option that can't be taken
 */
export function httpJobs<Name extends string>(
  jobs: Readonly<Record<Name, HttpJob>>,
): Record<Name, HttpHandler> {
  const all: unknown = jobs;
  if (typeof all !== "object" || all === null)
    throw new TypeError(`httpJobs() takes HTTP jobs by their names, and was given ${shownText(all, 100)}.`);
  const entries = Object.entries<HttpJob>(jobs).map(([name, given]) => {
    checkName("job", name);
    const what = `the HTTP job ${shownText(name, 100)}`;
    if (typeof given !== "object" || given === null)
      throw new TypeError(`The options of ${what} can't be taken. They are an object with a url.`);
    const service = serviceOf(what, given);
    // Headers and the address are checked there: what they hold is not shown.
    const { url: _, headers: __, timeoutMs, ...options } = given;
    checkOptions(what, httpJobOptions, { ...options, ...(timeoutMs !== undefined && { timeoutMs }) });
    refuseOtherJob(what, name, given.job);
    refuseTooLate(what, given);
    const handler = httpHandler(service, { timeoutMs: timeoutMs ?? defaultTimeoutMs, clock: systemClock });
    return [name, { ...options, handler }] as const;
  });
  return Object.fromEntries(entries) as Record<Name, HttpHandler>;
}
