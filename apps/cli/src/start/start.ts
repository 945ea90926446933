import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccessFile, isLoopbackName, readAccess, secondPersonIn } from "@downbeat/access";
import type { Role } from "@downbeat/api/policy";
import { engineNodeArgs } from "@downbeat/app-engine/node-args";
import { engineRuleOf } from "@downbeat/domain";
import { survivePrinting } from "@downbeat/output";
import { engineRuleText, formatNamespaceName, type NamespaceName, namespacesMeant } from "@downbeat/protocol";
import type { SignInOptions } from "../cluster/sign-in.ts";
import { followRuns } from "../dev/follow-runs.ts";
import type { OwnCode } from "../dev/own-code.ts";
import { ownCodeArgs } from "../dev/own-code-args.ts";
import { shownOutput } from "../dev/shown-output.ts";
import { CommandFailure, exitStatus } from "../failure.ts";
import { recordKeysIn } from "../keys/option.ts";
import { dashboardFolder, fromSource, programs, repositoryFolder } from "../programs.ts";
import { orFailure } from "../users/access-option.ts";
import { openLogAt } from "../wiring.ts";
import { askServer } from "./ask-server.ts";
import { chosenLog } from "./chosen-log.ts";
import { buildDashboard } from "./dashboard-build.ts";
import { writableDirectory } from "./data-directory.ts";
import { inheritedEnv } from "./env.ts";
import { keepEnv } from "./keep-env.ts";
import { type LogOfStart, logOf, namesOf } from "./log-of.ts";
import { asksForToken } from "./log-token.ts";
import { watchReadiness } from "./outages.ts";
import { freePort, isFree } from "./ports.ts";
import { clusterOf, prepareCluster } from "./prepare-cluster.ts";
import { Supervisor } from "./supervisor.ts";
import { webPlace } from "./web-place.ts";

export interface StartOptions extends SignInOptions {
  readonly port: number;
  readonly host: string;
  /** What people may do in the dashboard, and through it. */
  readonly role: Role;
  /** Who may sign in. Not given: nobody signs in. */
  readonly access?: string;
  /** Whole paths of the certificate and the private key with which the dashboard's port speaks TLS. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Whole path of the file of keys by which records of history are signed. */
  readonly recordKeys?: string;
  /** Whole path of the file that says where people can be told of alerts. */
  readonly alertChannels?: string;
  readonly dataDir: string;
  /** Open a log although what was stored last is missing. */
  readonly acceptLoss?: boolean;
  /** What is run; the example if not given. */
  readonly code?: OwnCode;
  /** Says what happens in runs. */
  readonly follow?: boolean;
  /** Whether the example runs, where no code is given. */
  readonly example?: boolean;
  /** Whether the example makes bookings. */
  readonly demo?: boolean;
  /** How many a second. */
  readonly rate?: number;
  readonly logPort: number;
  /** Somebody typed it: no other will do. */
  readonly isLogPortNamed?: boolean;
  /** `false`: the embedded log asks nobody for its token. */
  readonly logToken?: boolean;
  /** Engine processes that share the partitions of the first namespace. */
  readonly engines: number;
  /** The embedded log, whatever variables say. */
  readonly embedded?: boolean;
  /** Options of the cluster that variables gave and nobody typed, by their names here. */
  readonly fromVariables?: readonly string[];
  /** WebSocket address of a Pulsar cluster. Not given: the embedded log. */
  readonly pulsar?: string;
  readonly pulsarAdmin?: string;
  /** Address of Trino with Pulsar's connector. */
  readonly pulsarSql?: string;
  readonly hotWindow: string;
  /** How long closed runs, and then their ids, are kept in the embedded log. Not given: forever. */
  readonly keepClosed?: string;
  readonly keepIds?: string;
  readonly pulsarClient?: string;
  readonly pulsarBroker?: string;
  readonly tenant?: string;
  readonly namespace?: string;
  /** Several at once. */
  readonly namespaces?: readonly NamespaceName[];
}

const everywhere = ["0.0.0.0", "::"];
const readyWithinMs = 60_000;

/**
 * Runs everything on this machine: engine with the embedded log, server, dashboard, and the given code or the example.
 *
 * @throws CommandFailure when an option can't be taken, and Error, with a sentence that says what to do
 */
export async function start(given: StartOptions): Promise<void> {
  const { options, env, notice } = chosenLog(given, inheritedEnv());
  recordKeysIn(options);
  const access = orFailure(() => (options.access === undefined ? undefined : readAccess(options.access)));
  // The server takes it from its variable, too.
  const { DOWNBEAT_ACCESS_FILE: named } = env;
  const accessOfServer = access ?? (named ? orFailure(() => readAccess(named)) : undefined);
  requireHost(options.host, access !== undefined);
  requireTls(options);
  if (!(await isFree(options.port, options.host))) {
    throw new Error(`Port ${options.port} is in use. Choose another: --port ${await freePort()}`);
  }
  const dataDir = writableDirectory(options.dataDir);
  const { tenant, namespace, namespaces: listed = [] } = options;
  const namespaces = namespacesMeant({ tenant, namespace, listed });
  // Before the build, which takes a while: what can't be taken is said at once.
  const isTokenAsked = asksForToken(options, env);
  const log = await logOf(options, namespaces[0], dataDir, isTokenAsked);
  if (!log.embedded) clusterOf(log, options).close();
  survivePrinting();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  if (notice !== undefined) say(notice);
  if (log.embedded && !isTokenAsked)
    say("The log asks for no token: every process of this machine, whoever runs it, may read and write it.");
  const stopping = new AbortController();
  const supervisor: Supervisor = new Supervisor(join(dataDir, "logs"), env, say, (why) => {
    stopping.abort();
    process.stderr.write(
      `${why}\nDownbeat ends here. If this was not meant, restore a backup (downbeat restore).\n`,
    );
    void supervisor.stop().then(() => process.exit(exitStatus.failed));
  });
  const stop = () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    say("\nStopping…");
    void supervisor.stop().then(() => {
      say("Stopped. What was under way goes on with the next start.");
      process.exit(0);
    });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  try {
    if (fromSource) {
      say("Building the dashboard (the first time takes about half a minute)…");
      await buildDashboard(repositoryFolder, env);
    }
    if (stopping.signal.aborted) return;
    const port = options.port === 0 ? await freePort() : options.port;
    await startAll(
      supervisor,
      { ...options, dataDir, port },
      { log, access: accessOfServer },
      namespaces,
      say,
    );
    const url = `${addressOf({ ...options, port })}/readyz`;
    await watchReadiness(() => askServer(url, options.tlsCert, stopping.signal), say, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return;
    await supervisor.stop();
    throw error;
  }
}

async function startAll(
  supervisor: Supervisor,
  options: StartOptions,
  { log, access }: { readonly log: LogOfStart; readonly access: AccessFile | undefined },
  [first, ...others]: ReturnType<typeof namespacesMeant>,
  say: (line: string) => void,
): Promise<void> {
  const web = await webPlace();
  if (!log.embedded) for (const each of [first, ...others]) await prepareCluster(log, each, options, say);
  // A worker hosts the code, and can be started again without the engine. Runs of the example that began in an engine, as they once did, end there.
  const workflows = isExample(options) ? programs.exampleWorkflows : undefined;
  const startEngine = async (name: string, env: Readonly<Record<string, string>>): Promise<void> => {
    const engineEnv = {
      DOWNBEAT_ENGINE_NAME: "engine",
      DOWNBEAT_CODE_IN: "workers",
      DOWNBEAT_WORKFLOWS: workflows ?? "",
      ...env,
      ...keysEnv(options),
      DOWNBEAT_ENGINE_PORT: String(await freePort()),
    };
    await supervisor.start({
      name,
      purpose: "engine",
      file: programs.engine,
      nodeArgs: engineNodeArgs,
      env: engineEnv,
    });
  };

  say(log.embedded ? "Starting the engine with its log…" : `Starting the engine on ${log.url}…`);
  await startEngine("engine", { ...log.engineEnv, ...secondPersonEnv(access, first) });
  for (let number = 2; number <= options.engines; number++) {
    say(`Starting engine ${number}…`);
    const name = `engine-${number}`;
    const env = { ...log.env, ...namesOf(first), ...secondPersonEnv(access, first) };
    await startEngine(name, { ...env, DOWNBEAT_ENGINE_NAME: name });
  }
  for (const other of others) {
    say(`Starting the engine of ${formatNamespaceName(other)}…`);
    // Its workers are whoever's; until they come, the example's workflows can be tried there.
    const env = { ...log.env, ...namesOf(other), ...secondPersonEnv(access, other) };
    await startEngine(`engine-${other.tenant}-${other.namespace}`, { ...env, DOWNBEAT_CODE_IN: "engine" });
  }

  say("Starting the server and the dashboard…");
  const serverEnv = {
    ...log.env,
    DOWNBEAT_NAMESPACES: [first, ...others].map(formatNamespaceName).join(","),
    DOWNBEAT_PORT: String(options.port),
    DOWNBEAT_HOST: options.host,
    DOWNBEAT_ACTOR_ROLE: options.role,
    ...(options.access !== undefined && { DOWNBEAT_ACCESS_FILE: options.access }),
    ...(options.tlsCert !== undefined && { DOWNBEAT_TLS_CERT_FILE: options.tlsCert }),
    ...(options.tlsKey !== undefined && { DOWNBEAT_TLS_KEY_FILE: options.tlsKey }),
    DOWNBEAT_HOT_WINDOW: options.hotWindow,
    ...(options.alertChannels !== undefined && { DOWNBEAT_ALERT_CHANNELS: options.alertChannels }),
    ...keepEnv(options),
    ...keysEnv(options),
    DOWNBEAT_WEB_URL: web.address,
  };
  // First who listens at the port that was asked for, before somebody else is given it.
  supervisor.startSilently({ name: "server", purpose: "server", file: programs.server, env: serverEnv });
  await supervisor.start({
    name: "web",
    purpose: "web",
    file: programs.dashboard,
    args: [...web.args, "--dir", dashboardFolder],
  });
  const ask = () => askServer(`${addressOf(options)}/readyz`, options.tlsCert);
  await answering(ask, supervisor.logFile("server"));

  if (isExample(options)) await startExample(supervisor, options, log, say);
  else if (options.code !== undefined) await startOwn(supervisor, options, log, say);

  if (others.length > 0 && (options.code !== undefined || isExample(options))) {
    const waiting = others.map(formatNamespaceName).join(", ");
    const what = options.code === undefined ? "The example" : "Your code";
    say(`${what} works in ${formatNamespaceName(first)}; ${waiting} waits for workers of your own.`);
  }
  say(`\nData and logs are in ${options.dataDir}; your own services find the log at ${log.url}.`);
  if (log.embedded && new URL(log.url).port !== String(options.logPort))
    say(`Port ${options.logPort} was taken: programs of your own need DOWNBEAT_LOG_URL=${log.url}`);
  say(`Downbeat is ready: ${addressOf(options)}`);
  if (options.follow === true) {
    const { tenant, namespace } = first;
    const pages = `${addressOf(options)}/${formatNamespaceName(first)}/runs`;
    // Open as long as this process is.
    const { DOWNBEAT_PULSAR_TOKEN_FILE: tokenFile } = log.env;
    const opened = openLogAt({
      serviceUrl: log.url,
      tenant,
      namespace,
      ...(tokenFile !== undefined && { tokenFile }),
    });
    await followRuns(opened, (runId) => `${pages}/${encodeURIComponent(runId)}`, say);
  }
}

/** What the access file lets nobody do alone, for the engine: it is not told the rest. */
function secondPersonEnv(
  access: AccessFile | undefined,
  name: NamespaceName,
): { readonly DOWNBEAT_SECOND_PERSON?: string } {
  const rule = access && secondPersonIn(access, name);
  return rule === undefined ? {} : { DOWNBEAT_SECOND_PERSON: engineRuleText(engineRuleOf(rule)) };
}

/** Of engines and the server: whoever has the keys can sign, so nobody else is told. */
function keysEnv({ recordKeys }: StartOptions): Readonly<Record<string, string>> {
  return recordKeys === undefined ? {} : { DOWNBEAT_RECORD_KEYS_FILE: recordKeys };
}

export function isExample({ code, example = true }: StartOptions): boolean {
  return code === undefined && example;
}

async function startExample(
  supervisor: Supervisor,
  { demo = true, rate = 2 }: StartOptions,
  log: LogOfStart,
  say: (line: string) => void,
): Promise<void> {
  say(
    demo
      ? "Starting the example: five services, and trips being booked…"
      : "Starting the example's services, without bookings…",
  );
  const args = demo ? ["all", "--rate", String(rate)] : ["all", "--no-traffic"];
  const started = supervisor.start({
    name: "travel",
    purpose: "code",
    file: programs.example,
    args,
    env: log.env,
  });
  const isLate = await Promise.race([started.then(() => false), sleep(readyWithinMs, true, { ref: false })]);
  if (isLate) say(`The example is not ready yet. See ${supervisor.logFile("travel")}`);
}

async function startOwn(
  supervisor: Supervisor,
  { code: { workflows, jobs } = {}, follow = false }: StartOptions,
  log: LogOfStart,
  say: (line: string) => void,
): Promise<void> {
  if (workflows === undefined)
    say("There are no workflows yet: write src/workflows.ts, or name a module with --workflows.");
  if (jobs === undefined) say("Jobs wait for workers of your own: there is no src/jobs.ts, and no --jobs.");
  const modules = [workflows, jobs].filter((path) => path !== undefined);
  if (modules.length === 0) return;
  const shown = modules.map((path) => relative(process.cwd(), path)).join(" and ");
  say(`Starting a worker for ${shown}; it is started again when they, or files beside them, change…`);
  const args = ownCodeArgs({
    ...(workflows !== undefined && { workflows }),
    ...(jobs !== undefined && { jobs }),
  });
  await supervisor.start({
    name: "worker",
    purpose: "code",
    file: programs.host,
    args,
    env: log.env,
    ...(follow && { onOutput: shownOutput(say, process.stdout.isTTY) }),
  });
}

/** @throws CommandFailure for an address that would open what is not protected, or at which this machine could not ask itself */
function requireHost(host: string, hasSignIn: boolean): void {
  if (isLoopbackName(host) || (hasSignIn && everywhere.includes(host))) return;
  throw new CommandFailure(
    "usage",
    hasSignIn
      ? `--host takes a loopback address, or 0.0.0.0 or :: for all of this machine's; ${host} is neither.`
      : `Downbeat listens on this machine only (127.0.0.1) unless people sign in (--access); --host ${host} is refused.`,
  );
}

/** @throws CommandFailure for one without the other */
function requireTls({ tlsCert, tlsKey }: StartOptions): void {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return;
  const [given, missing] = tlsKey === undefined ? ["--tls-cert", "--tls-key"] : ["--tls-key", "--tls-cert"];
  throw new CommandFailure(
    "usage",
    `${given} needs ${missing}: a certificate and its private key belong together.`,
  );
}

/** As a browser takes it; the usual one by its name. */
function addressOf({ host, port, tlsCert }: StartOptions): string {
  const protocol = tlsCert === undefined ? "http" : "https";
  if (host === "127.0.0.1" || everywhere.includes(host)) return `${protocol}://localhost:${port}`;
  return host.includes(":") ? `${protocol}://[${host}]:${port}` : `${protocol}://${host}:${port}`;
}

async function answering(ask: () => ReturnType<typeof askServer>, logFile: string): Promise<void> {
  const until = Date.now() + readyWithinMs;
  let why = "";
  while (Date.now() < until) {
    const status = await ask().then(
      (answer) => answer.status,
      (error: unknown) => {
        why = error instanceof Error ? ` (${error.message})` : "";
        return 0;
      },
    );
    if (status >= 200 && status < 300) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The server did not get ready within ${readyWithinMs / 1000} s${why}. See ${logFile}`);
}
