import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { openOutput } from "@downbeat/output";
import { logAddress } from "@downbeat/protocol";
import { defaultBuild } from "@downbeat/sdk/decisions";
import { type WorkerOptions, worker } from "@downbeat/sdk/worker";
import pino from "pino";
import { openLogAt } from "../wiring.ts";
import { hostEnv } from "./env.ts";
import { parseOwnCode } from "./own-code-args.ts";

/** Hosts what `--workflows` exports, and does the jobs that `--jobs` exports as `jobs`, until it is told to stop. */

/** Attempts that take longer are begun again by the changed code. */
const graceMs = 2_000;

async function main(): Promise<void> {
  const { workflows, jobs } = parseOwnCode(process.argv.slice(2));
  const handlers = jobs === undefined ? [] : await jobsOf(jobs);
  const log = openLogAt(logAddress(hostEnv()));
  // The project's, not this program's own.
  const build = defaultBuild(dirname(workflows ?? jobs ?? process.cwd()));
  const hosted = worker({
    log,
    jobs: handlers,
    ...(workflows !== undefined && { workflows: pathToFileURL(workflows) }),
    ...(build !== "" && { build }),
    logger: pino({ level: "debug", base: null, timestamp: pino.stdTimeFunctions.isoTime }, openOutput()),
  });
  let isStopping = false;
  const stop = (): void => {
    isStopping = true;
    hosted
      .stop({ graceMs })
      .then(() => log.close())
      .then(() => process.exit(0), fail);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Started by another process of ours that is gone.
  process.once("disconnect", stop);
  await hosted.ready.catch((error: unknown) => {
    if (!isStopping) throw error;
  });
  if (isStopping) return;
  process.send?.({ type: "ready" });
}

async function jobsOf(path: string): Promise<NonNullable<WorkerOptions["jobs"]>> {
  const loaded: { jobs?: WorkerOptions["jobs"] } = await import(pathToFileURL(path).href);
  if (loaded.jobs !== undefined) return loaded.jobs;
  throw new Error(
    `${path} must export "jobs": handlers by the names of their jobs, or an array of what handle() gives.`,
  );
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
