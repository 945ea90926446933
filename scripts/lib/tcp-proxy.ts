import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between a client and a server, passes on what both say, and fails as networks do. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #swallowed = new Set<"toClient" | "toServer">();
  /** Taken so far. */
  connections = 0;
  cuts = 0;

  /** @param url of the server; only its host and port count */
  static async open(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy(hostname, Number(port));
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  private constructor(host: string, port: number) {
    this.#server = createServer((client) => this.#take(client, connect({ host, port, noDelay: true })));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What is said in this direction gets lost from now on, and nobody is told, until the next cut. */
  swallow(direction: "toClient" | "toServer"): void {
    this.#swallowed.add(direction);
  }

  /** Ends every connection at once, with what is under way. New ones are taken, and work. */
  cut(): void {
    this.#swallowed.clear();
    if (this.#pairs.size > 0) this.cuts += 1;
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(client: Socket, server: Socket): void {
    this.connections += 1;
    client.setNoDelay(true);
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on("data", (data) => this.#swallowed.has("toServer") || server.write(data));
    server.on("data", (data) => this.#swallowed.has("toClient") || client.write(data));
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on("error", end);
      socket.on("close", end);
    }
  }
}
