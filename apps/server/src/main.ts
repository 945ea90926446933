import { createServices } from "@downbeat/api";
import { pino } from "pino";
import { readEnv } from "./env.ts";
import { apiHandler, procedureNames } from "./http/api-handler.ts";
import { listen } from "./http/listen.ts";
import { httpServer } from "./http/server.ts";
import { WebProxy } from "./http/web-proxy.ts";
import { createMetrics } from "./metrics.ts";
import { openReadSide } from "./projection/read-side.ts";
import { openLog } from "./wiring.ts";

const closeWithinMs = 2_000;

async function main(): Promise<void> {
  const env = readEnv();
  const logger = pino({ name: "server", level: env.logLevel });
  const log = openLog(env.log);
  const fail = (error: unknown): void => {
    logger.fatal(
      { err: error },
      "the read model can't be used; the server ends, and its next start builds it anew if it is damaged",
    );
    process.exit(1);
  };
  const readSide = await openReadSide(env, logger, fail);
  const { feed, readModel } = readSide;
  const services = createServices(log, feed, readModel);
  const metrics = createMetrics(feed, procedureNames);
  const web = new WebProxy(env.webUrl);
  const onFailure = (error: unknown): void => {
    if (readSide.removeIfDamaged(error)) fail(error);
  };
  const api = apiHandler({ services, actor: env.actor, metrics, logger, onFailure });
  const server = httpServer({ api, feed, metrics, web });
  const port = await listen(server, env.port, env.host);
  logger.info({ port, log: env.log.serviceUrl, web: env.webUrl }, "the server is listening");

  let closing = false;
  const close = async (signal: string): Promise<void> => {
    if (closing) return;
    closing = true;
    logger.info({ signal }, "the server is closing");
    setTimeout(() => process.exit(0), closeWithinMs).unref();
    server.close();
    // Live connections never end by themselves.
    server.closeAllConnections();
    web.close();
    await readSide.close();
    await log.close();
    process.exit(0);
  };
  process.on("SIGTERM", (signal) => void close(signal));
  process.on("SIGINT", (signal) => void close(signal));
  // Started by another process of ours that is gone.
  process.on("disconnect", () => void close("disconnect"));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
