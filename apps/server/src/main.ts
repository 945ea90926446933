import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { maskedIn, readAccess } from "@downbeat/access";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { pino } from "pino";
import { readEnv } from "./env.ts";
import { apiHandler, procedureNames } from "./http/api-handler.ts";
import { clientAddress, TrustedProxies } from "./http/client-address.ts";
import { listen } from "./http/listen.ts";
import { httpServer, type Visitors } from "./http/server.ts";
import { WebProxy } from "./http/web-proxy.ts";
import { createMetrics } from "./metrics.ts";
import { ServedNamespaces } from "./namespaces/served-namespaces.ts";
import { SignIn } from "./sign-in/sign-in.ts";
import { SignInNotes } from "./sign-in/sign-in-notes.ts";
import { developer } from "./visitors/developer.ts";

const closeWithinMs = 2_000;

async function main(): Promise<void> {
  // What it has read is nobody else's on this machine: directories 0700, files 0600.
  process.umask(0o077);
  const env = readEnv();
  const logger = pino({ name: "server", level: env.logLevel });
  const metrics = createMetrics(procedureNames, () => namespaces.all);
  const access = env.accessFile === undefined ? undefined : readAccess(env.accessFile);
  const directory = join(env.dataDir, "sign-in");
  const notes = new SignInNotes(() => namespaces.all);
  const visitors: Visitors =
    access === undefined
      ? { everybody: developer(env) }
      : { signIn: new SignIn({ access, directory, logger, notes }) };
  const namespaces = await ServedNamespaces.open({
    logs: env.logs,
    dataDir: env.dataDir,
    pulsarSql: env.pulsarSql,
    hotWindowMs: env.hotWindowMs,
    keepClosed: env.keepClosed,
    alerts: env.alerts,
    ...(access !== undefined && { maskedIn: (name: NamespaceName) => maskedIn(access, name) }),
    logger,
    onFlushed: metrics.countFlushed,
  });
  const web = new WebProxy(env.webUrl, (err) =>
    logger.warn({ err }, "the dashboard's process could not be asked"),
  );
  const nobody = new TrustedProxies([]);
  const addressOf = (request: IncomingMessage) =>
    visitors.signIn?.addressOf(request) ?? clientAddress(request, nobody);
  const api = apiHandler({ namespaces, mostFollowers: env.mostFollowers, metrics, addressOf, logger });
  const onFailure = (err: unknown) => logger.error({ err }, "a request failed");
  const server = httpServer({ api, namespaces, metrics, web, address: access?.address, visitors, onFailure });
  const port = await listen(server, env.port, env.host);
  const served = namespaces.all.map(formatNamespaceName);
  logger.info(
    { port, log: env.logs[0].serviceUrl, namespaces: served, web: env.webUrl },
    "the server is listening",
  );

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
    await namespaces.close();
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
