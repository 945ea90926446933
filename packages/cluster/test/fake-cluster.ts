import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Cluster, openCluster } from "../src/setup/index.ts";

interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** The admin service of a cluster that keeps what it is told. Paths are without `/admin/v2/`. */
export class FakeCluster {
  /** What stands at a path. Not there: 404. */
  readonly values = new Map<string, unknown>([
    ["brokers/version", "4.0.8"],
    ["clusters", ["standalone", "far"]],
    ["brokers/configuration/runtime", { managedLedgerOffloadDriver: "" }],
  ]);
  readonly writes: { readonly method: string; readonly path: string; readonly body: unknown }[] = [];
  readonly tokens = new Set<string | undefined>();
  /** Comes before what the cluster would do. */
  refuse: (method: string, path: string) => Answer | undefined = () => undefined;
  readonly #http = createServer((request, response) => void this.#onRequest(request, response));

  static async start(): Promise<FakeCluster> {
    const fake = new FakeCluster();
    await new Promise<void>((resolve) => fake.#http.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  open(token?: string): Cluster {
    return openCluster({
      serviceUrl: "ws://unused:1",
      adminUrl: this.url,
      ...(token !== undefined && { token }),
    });
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const { pathname } = new URL(request.url ?? "/", this.url);
    this.tokens.add(request.headers.authorization);
    const method = request.method ?? "";
    const path = pathname.replace("/admin/v2/", "");
    const { status, body = "" } =
      this.refuse(method, path) ?? this.#answer(method, path, text === "" ? undefined : JSON.parse(text));
    response.writeHead(status).end(body);
  }

  #answer(method: string, path: string, body: unknown): Answer {
    if (method === "GET") {
      const value = this.values.get(path) ?? this.#partition(path);
      return value === undefined ? { status: 404 } : { status: 200, body: JSON.stringify(value) };
    }
    this.writes.push({ method, path, body });
    if (method === "DELETE") this.values.delete(path);
    else this.#take(path, body);
    return { status: 204 };
  }

  /** Figures of a partition, while its topic is there. */
  #partition(path: string): unknown {
    const [, topic, number] = /^(.*)-partition-(\d+)\/stats$/.exec(path) ?? [];
    const partitions = topic === undefined ? undefined : this.values.get(`${topic}/partitions`);
    const count = (partitions as { partitions: number } | undefined)?.partitions ?? 0;
    return Number(number) < count ? { subscriptions: {} } : undefined;
  }

  #take(path: string, body: unknown): void {
    const [, tenant, namespace, topic, what] = path.split("/");
    const within = `persistent/${tenant}/${namespace}`;
    if (path.startsWith("namespaces/") && topic === undefined) {
      this.values.set(path, {});
      this.values.set(`${path}/replication`, ["standalone"]);
    } else if (path.startsWith("schemas/")) {
      const { type, schema } = body as { type: string; schema: string };
      this.values.set(path, { version: 0, type, data: schema });
    } else if (path.startsWith("persistent/") && what === "partitions") {
      this.values.set(path, { partitions: body });
      this.#add(`${within}/partitioned`, `persistent://${tenant}/${namespace}/${topic}`);
    } else if (path.startsWith("persistent/") && what === "subscription") {
      this.#add(`${within}/${topic}/subscriptions`, path.split("/").at(-1) ?? "");
    } else if (path.startsWith("persistent/") && what === undefined) {
      this.#add(within, `persistent://${tenant}/${namespace}/${topic}`);
    } else this.values.set(path, body);
  }

  #add(path: string, name: string): void {
    this.values.set(path, [...((this.values.get(path) as string[] | undefined) ?? []), name]);
  }
}
