import type { IncomingMessage } from "node:http";
import { Server as TlsServer } from "node:https";
import { join } from "node:path";
import { isOpenToOthers, maskedIn, readAccess, secondPersonIn } from "@downbeat/access";
import { countDropped, openOutput } from "@downbeat/output";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { type Logger, pino } from "pino";
import { readEnv } from "./env.ts";
import { apiHandler, procedureNames } from "./http/api-handler.ts";
import { CallPace } from "./http/call-pace.ts";
import { clientAddress, TrustedProxies } from "./http/client-address.ts";
import { listen } from "./http/listen.ts";
import { httpServer, type Visitors } from "./http/server.ts";
import { TlsFiles } from "./http/tls-files.ts";
import { WebProxy } from "./http/web-proxy.ts";
import { createMetrics } from "./metrics.ts";
import { ServedNamespaces } from "./namespaces/served-namespaces.ts";
import { SignIn } from "./sign-in/sign-in.ts";
import { SignInNotes } from "./sign-in/sign-in-notes.ts";
import { developer } from "./visitors/developer.ts";

const closeWithinMs = 2_000;
/** Calls of so many seconds may come at once. */
const burstSeconds = 10;

async function main(): Promise<void> {
  // What it has read is nobody else's on this machine: directories 0700, files 0600.
  process.umask(0o077);
  const env = readEnv();
  const output = openOutput();
  const logger = pino({ name: "server", level: env.logLevel }, output);
  const metrics = createMetrics(procedureNames, () => namespaces.all);
  countDropped(metrics.registry, output);
  const access = env.accessFile === undefined ? undefined : readAccess(env.accessFile);
  const tls = env.tls === undefined ? undefined : new TlsFiles(env.tls);
  if (tls !== undefined) metrics.showTlsEnd(() => tls.endsAt / 1_000);
  if (tls !== undefined && access?.address?.protocol === "http:")
    throw new Error(
      `This server speaks TLS (DOWNBEAT_TLS_CERT_FILE), so people open it at https: the access file's address is ${access.address.origin}.`,
    );
  const directory = join(env.dataDir, "sign-in");
  const notes = access && new SignInNotes(() => namespaces.all, access);
  const visitors: Visitors =
    access === undefined || notes === undefined
      ? { everybody: developer(env) }
      : { signIn: new SignIn({ access, hasTls: tls !== undefined, directory, logger, notes }) };
  const namespaces = await ServedNamespaces.open({
    logs: env.logs,
    dataDir: env.dataDir,
    pulsarSql: env.pulsarSql,
    hotWindowMs: env.hotWindowMs,
    keepClosed: env.keepClosed,
    alerts: env.alerts,
    payloadKeys: env.payloadKeys,
    ...(access !== undefined && {
      maskedIn: (name: NamespaceName) => maskedIn(access, name),
      secondPersonIn: (name: NamespaceName) => secondPersonIn(access, name),
    }),
    logger,
    onFlushed: metrics.countFlushed,
  });
  const web = new WebProxy(env.webUrl, (err) =>
    logger.warn({ err }, "the dashboard's process could not be asked"),
  );
  const nobody = new TrustedProxies([]);
  const addressOf = (request: IncomingMessage) =>
    visitors.signIn?.addressOf(request) ?? clientAddress(request, nobody);
  const { signIn } = visitors;
  const api = apiHandler({
    namespaces,
    mostFollowers: env.mostFollowers,
    metrics,
    addressOf,
    logger,
    tokensOf: signIn && ((asked) => signIn.tokensOf(asked)),
    accountOf: signIn && ((asked) => signIn.accountOf(asked)),
  });
  if (notes !== undefined) signIn?.files.follow(notes);
  const onFailure = (err: unknown) => logger.error({ err }, "a request failed");
  const pace = new CallPace(
    { perSecond: env.callsPerSecond, burst: env.callsPerSecond * burstSeconds },
    () => performance.now(),
    (who) => logger.warn({ who, perSecond: env.callsPerSecond }, "somebody calls too often and is held back"),
  );
  const server = httpServer({
    api,
    namespaces,
    metrics,
    web,
    address: access?.address,
    tls: tls?.options,
    visitors,
    pace,
    addressOf,
    onFailure,
  });
  if (tls !== undefined && env.tls !== undefined) followTls(tls, server, env.tls.keyFile, logger);
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

/** What is renewed is shown at once, and what is wrong with it is said. */
function followTls(
  tls: TlsFiles,
  server: ReturnType<typeof httpServer>,
  keyFile: string,
  logger: Logger,
): void {
  if (isOpenToOthers(keyFile))
    logger.warn(
      { file: keyFile },
      "others than its owner may read a file with what is secret in it: chmod 600",
    );
  logger.info({ validTo: tls.validTo }, "this port speaks TLS");
  if (!(server instanceof TlsServer)) return;
  tls.follow(server, {
    onRenewed: (validTo) => logger.info({ validTo }, "the TLS certificate was renewed"),
    onTrouble: (err) =>
      logger.error(
        { err },
        "the changed TLS files can't be used; the certificate from before is still shown",
      ),
    onEnding: (validTo) =>
      logger.warn({ validTo }, "the TLS certificate ends soon, or has ended, and was not renewed"),
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
