import { pathToFileURL } from "node:url";
import { logAddress } from "@downbeat/protocol";
import { type WorkerOptions, worker } from "@downbeat/sdk/worker";
import { openLogAt } from "../wiring.ts";
import { hostEnv } from "./env.ts";

/** `node host.ts <module>`: does the jobs that the module exports as `jobs`, until it is told to stop. */

async function main(): Promise<void> {
  const [path = ""] = process.argv.slice(2);
  const loaded: { jobs?: WorkerOptions["jobs"] } = await import(pathToFileURL(path).href);
  if (loaded.jobs === undefined)
    throw new Error(
      `${path} must export "jobs": handlers by the names of their jobs, or an array of what handle() gives.`,
    );
  const log = openLogAt(logAddress(hostEnv()));
  const hosted = worker({
    log,
    jobs: loaded.jobs,
    onProblem: (problem, error) => process.stderr.write(`${problem}${error ? ` ${error.message}` : ""}\n`),
  });
  const stop = (): void => {
    hosted
      .stop()
      .then(() => log.close())
      .then(() => process.exit(0), fail);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Started by another process of ours that is gone.
  process.once("disconnect", stop);
  await hosted.ready;
  process.send?.({ type: "ready" });
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
