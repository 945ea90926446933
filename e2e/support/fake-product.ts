import { fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { serveFake } from "./fake-api/server.ts";
import type { FakeTrouble } from "./fake-api/world.ts";

/** The real pages in front of fixture data: for what would take the real engine too long to bring about. */
export interface FakeProduct extends AsyncDisposable {
  readonly url: string;
  /** Where the pages of its first namespace are. */
  readonly home: string;
  /** Takes the one origin away, or brings it back, as a server does that is stopped and started. */
  stop(): Promise<void>;
  start(): void;
  /** From now on, this is not well. */
  haveTrouble(trouble: FakeTrouble): void;
}

const serve = join(import.meta.dirname, "..", "..", "apps", "web", "serve.ts");

export async function startFakeProduct(
  options: { history?: number; everyMs?: number; bigRunJobs?: number; namespaces?: readonly string[] } = {},
): Promise<FakeProduct> {
  const [port, webPort] = [await freePort(), await freePort()];
  const web = fork(serve, ["--port", String(webPort)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await once(web, "message");
  const fake = serveFake({ port, webPort, ...options });
  const url = `http://localhost:${port}`;
  return {
    url,
    home: `${url}/${options.namespaces?.[0] ?? "public/default"}`,
    async stop() {
      const closed = once(fake.server, "close");
      fake.server.close();
      fake.server.closeAllConnections();
      await closed;
    },
    haveTrouble: fake.haveTrouble,
    start: () => void fake.server.listen(port, "127.0.0.1"),
    async [Symbol.asyncDispose]() {
      fake.close();
      const ended = once(web, "exit");
      web.kill("SIGTERM");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
