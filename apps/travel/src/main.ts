import { openOutput } from "@downbeat/output";
import { client } from "@downbeat/sdk/client";
import pino, { type Logger } from "pino";
import { type Command, help, parseCommand } from "./arguments.ts";
import { type Env, environmentWith, readEnv } from "./env.ts";
import { type RunningService, reporter, startService } from "./service.ts";
import { traffic } from "./traffic.ts";
import { freePort, Troupe } from "./troupe.ts";

async function start(command: Command, env: Env, logger: Logger): Promise<RunningService | undefined> {
  switch (command.do) {
    case "help":
      process.stdout.write(help);
      return undefined;
    case "service":
      return startService(command.name, env, logger);
    case "traffic":
      return startTraffic(command, logger);
    case "all":
      return startAll(command, logger);
  }
}

function startTraffic(
  { rate, count, approvals }: Extract<Command, { do: "traffic" }>,
  logger: Logger,
): RunningService {
  const booking = client({ actor: "travel-shop", onProblem: reporter(logger) });
  const stopping = new AbortController();
  logger.info(`traffic books ${rate} trips a second`);
  const done = traffic({
    client: booking,
    bookingsPerSecond: rate,
    approvalRate: approvals,
    signal: stopping.signal,
    onProblem: reporter(logger),
    ...(count !== undefined && { count }),
  }).then(async (booked) => {
    logger.info(`traffic booked ${booked} trips`);
    await booking.close();
  });
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

async function startAll(
  { traffic }: Extract<Command, { do: "all" }>,
  logger: Logger,
): Promise<RunningService> {
  const port = String(await freePort());
  const troupe = new Troupe(import.meta.filename, environmentWith({ TRAVEL_HOTEL_PORT: port }), logger);
  troupe.start("booking");
  for (const name of ["payment", "flight", "hotel-service", "hotel", "notification"]) troupe.start(name);
  // A booking before somebody hosts the workflow would be refused.
  const ready = troupe.readyOf("booking");
  void ready.then(() => traffic !== undefined && troupe.start("traffic", ...traffic));
  return { ready, stop: () => troupe.stop() };
}

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  const env = readEnv();
  const logger = pino(
    { level: env.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    openOutput(),
  );
  const running = await start(command, env, logger);
  if (running === undefined) return;
  void running.ready?.then(
    () => process.send?.({ type: "ready" }),
    () => {},
  );
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Started by another process of ours that is gone.
  process.on("disconnect", stop);
  // A listener holds the channel open, and with it this process, even when it has nothing left to do.
  process.channel?.unref();
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
