import { join } from "node:path";
import { z } from "zod";
import {
  ask,
  type Command,
  engineMain,
  freePorts,
  Processes,
  serverMain,
  travelMain,
  until,
} from "./processes.ts";
import { newNamespace } from "./pulsar-namespace.ts";

export interface Props {
  /** More environment for each engine, from the folder of the stage. */
  readonly engineEnv?: (folder: string) => Record<string, string>;
  /** Where the second engine is started from: another version of this repository, with its packages installed. */
  readonly otherCheckout?: string;
  /** Workers host the workflows, and the engines nobody's code. */
  readonly hosted?: boolean;
  /** And workers of a second build do so as well, with changed code. */
  readonly builds?: 1 | 2;
}

const readyWithinMs = 60_000;
const readiness = z.object({ partitions: z.array(z.object({ mode: z.string() })) });
const newerMain = "scripts/chaos/newer-booking.ts";
const jobWorkers = ["payment", "flight", "hotel-service", "hotel", "notification"] as const;
const codeWorkers = ["booking-1", "booking-2"] as const;
const newerWorkers = ["newer-booking-1", "newer-booking-2"] as const;
const engineNames = ["engine-1", "engine-2", "engine-3"] as const;

/** The whole of Downbeat with its example, each part a process of its own that can be killed and started again. */
export class Stage {
  readonly processes: Processes;
  readonly dataFolder: string;
  readonly logUrl: string;
  readonly namespace: string;
  readonly serverUrl: string;
  readonly engines: readonly string[];
  readonly workers: readonly string[];
  /** Those that host code, by their builds. */
  readonly builds: readonly (readonly string[])[];
  readonly #commands = new Map<string, Command>();
  readonly #health = new Map<string, string>();

  /**
   * @param what names its folder and, on a broker, its namespace
   * @param engines 1: one engine, which keeps the log; 2 or 3: so many engines on a log in a process of its own
   * @param pulsar on this broker, in a namespace of its own, instead of the embedded log
   * @param props what differs from the usual
   */
  static async open(what: string, engines: number, pulsar?: string, props: Props = {}): Promise<Stage> {
    const namespace = pulsar === undefined ? "default" : await newNamespace(pulsar, what);
    const ports = await freePorts("log", "logHealth", "server", "hotel", ...engineNames);
    return new Stage(what, engines, ports, namespace, pulsar, props);
  }

  private constructor(
    what: string,
    engines: number,
    ports: Record<"log" | "logHealth" | "server" | "hotel" | (typeof engineNames)[number], number>,
    namespace: string,
    pulsar: string | undefined,
    props: Props,
  ) {
    this.processes = new Processes(what);
    this.dataFolder = join(this.processes.folder, "data");
    this.namespace = namespace;
    this.logUrl = pulsar ?? `ws://127.0.0.1:${ports.log}`;
    this.serverUrl = `http://127.0.0.1:${ports.server}`;
    const common = {
      DOWNBEAT_DATA_DIR: this.dataFolder,
      DOWNBEAT_NAMESPACE: namespace,
      LOG_LEVEL: "info",
    };
    const keepsLog = { ...common, DOWNBEAT_LOG_PORT: String(ports.log) };
    const usesLog = { ...common, DOWNBEAT_LOG_URL: this.logUrl };
    const runsWorkflows =
      props.hosted === true ? {} : { DOWNBEAT_WORKFLOWS: "apps/travel/src/bench-workflows.ts" };
    const isOwnProcess = engines > 1 && pulsar === undefined;
    if (isOwnProcess) {
      const env = { ...keepsLog, DOWNBEAT_ROLE: "log", DOWNBEAT_ENGINE_PORT: String(ports.logHealth) };
      this.#add({ name: "log", main: engineMain, env }, `http://127.0.0.1:${ports.logHealth}/readyz`);
    }
    const names = engineNames.slice(0, engines);
    for (const name of names) {
      const env = {
        ...(engines > 1 || pulsar !== undefined ? usesLog : keepsLog),
        ...runsWorkflows,
        ...props.engineEnv?.(this.processes.folder),
        DOWNBEAT_ENGINE_NAME: name,
        DOWNBEAT_ENGINE_PORT: String(ports[name]),
      };
      const root = name === "engine-2" ? props.otherCheckout : undefined;
      this.#add(
        { name, main: engineMain, env, ...(root !== undefined && { root }) },
        `http://127.0.0.1:${ports[name]}/readyz`,
      );
    }
    this.engines = names;
    const server = { ...usesLog, DOWNBEAT_PORT: String(ports.server) };
    this.#add({ name: "server", main: serverMain, env: server }, `${this.serverUrl}/readyz`);
    this.builds =
      props.hosted !== true ? [] : props.builds === 2 ? [codeWorkers, newerWorkers] : [codeWorkers];
    this.workers = [...jobWorkers, ...this.builds.flat()];
    for (const name of this.workers) {
      const env = {
        ...usesLog,
        TRAVEL_HOTEL_PORT: String(ports.hotel),
        TRAVEL_SLOWNESS_MS: "60",
        TRAVEL_OUTAGE_MS: "600000",
      };
      const isNewer = newerWorkers.some((newer) => newer === name);
      const main = isNewer ? newerMain : travelMain;
      this.#add({ name, main, args: isNewer ? [] : [name.replace(/-\d$/, "")], env });
    }
  }

  start(...names: readonly string[]): void {
    for (const name of names) {
      const command = this.#commands.get(name);
      if (command !== undefined) this.processes.start(command);
    }
  }

  async kill(...names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.processes.end(name, "SIGKILL")));
  }

  /** Of the embedded log. */
  get logFile(): string {
    return join(this.dataFolder, "log.sqlite");
  }

  healthOf(name: string): string | undefined {
    return this.#health.get(name);
  }

  /** Has the server do something. @returns its answer's text */
  async call(procedure: string, input: object): Promise<string> {
    const answer = await fetch(`${this.serverUrl}/trpc/public/${this.namespace}/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    return answer.text();
  }

  get names(): readonly string[] {
    return [...this.#commands.keys()];
  }

  /** @returns names of those that are not ready in time, or gone */
  async ready(names: readonly string[] = this.names): Promise<readonly string[]> {
    const ready = await Promise.all(
      names.map(async (name) => {
        const url = this.#health.get(name);
        if (url === undefined) return this.processes.isRunning(name);
        return until(async () => (await ask(url)) !== undefined, readyWithinMs, 200);
      }),
    );
    return names.filter((_, index) => ready[index] !== true);
  }

  /** What an engine says its processors do, one a partition. */
  async modes(engine: string): Promise<readonly string[]> {
    // Not ready is an answer too.
    const answer = await fetch(this.#health.get(engine) ?? "", { signal: AbortSignal.timeout(3_000) })
      .then((response) => response.text())
      .catch(() => undefined);
    if (answer === undefined) return [];
    return readiness.parse(JSON.parse(answer)).partitions.map(({ mode }) => mode);
  }

  /** A counter of an engine. */
  async metric(engine: string, name: string): Promise<number> {
    const text = (await ask((this.#health.get(engine) ?? "").replace("/readyz", "/metrics"))) ?? "";
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  }

  #add(command: Command, health?: string): void {
    this.#commands.set(command.name, command);
    if (health !== undefined) this.#health.set(command.name, health);
  }
}
