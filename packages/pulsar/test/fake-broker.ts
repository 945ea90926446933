import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

export interface FakeConnection {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly socket: WebSocket;
  readonly frames: Record<string, unknown>[];
  send(frame: unknown): void;
}

/** Takes every connection and answers nothing by itself. */
export class FakeBroker {
  readonly connections: FakeConnection[] = [];
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly headers: IncomingMessage["headers"];
  }[] = [];
  /** Refuses what comes next. */
  refuseWith: { readonly status: number; readonly body: string } | undefined;
  /** Of connections that were refused, as long as the other side keeps them. */
  readonly refused = new Set<Duplex>();
  answer: (method: string, path: string) => { status: number; body: string } = () => ({
    status: 404,
    body: "",
  });
  onFrame: (connection: FakeConnection, frame: Record<string, unknown>) => void = () => {};
  readonly #http: Server;
  readonly #scheme: string;
  readonly #sockets = new WebSocketServer({ noServer: true });

  private constructor(tls: ServerOptions | undefined) {
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      void this.#onRequest(request, response);
    this.#http = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    this.#scheme = tls === undefined ? "ws" : "wss";
  }

  /** @param tls key and certificate, for one that speaks TLS */
  static async start(tls?: ServerOptions): Promise<FakeBroker> {
    const broker = new FakeBroker(tls);
    await new Promise<void>((resolve) => broker.#http.listen(0, "127.0.0.1", resolve));
    broker.#http.on("upgrade", (request, socket, head) => {
      const refused = broker.refuseWith;
      if (refused !== undefined) {
        broker.refused.add(socket);
        socket.on("error", () => {});
        socket.on("end", () => {
          broker.refused.delete(socket);
          socket.destroy();
        });
        socket.resume();
        socket.write(
          `HTTP/1.1 ${refused.status} No\r\nContent-Length: ${refused.body.length}\r\n\r\n${refused.body}`,
        );
        return;
      }
      broker.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
        broker.#connected(request, webSocket),
      );
    });
    return broker;
  }

  get url(): string {
    const { port } = this.#http.address() as AddressInfo;
    return `${this.#scheme}://127.0.0.1:${port}`;
  }

  connection(index: number): FakeConnection {
    const connection = this.connections[index];
    if (connection === undefined) throw new Error(`There is no connection ${index}`);
    return connection;
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    for (const socket of this.refused) socket.destroy();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #connected(request: IncomingMessage, socket: WebSocket): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const connection: FakeConnection = {
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      socket,
      frames: [],
      send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    };
    this.connections.push(connection);
    socket.on("message", (data) => {
      const frame: Record<string, unknown> = JSON.parse(String(data));
      connection.frames.push(frame);
      this.onFrame(connection, frame);
    });
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? "";
    this.requests.push({ method: request.method ?? "", path, body, headers: request.headers });
    const answer = this.answer(request.method ?? "", path);
    response.writeHead(answer.status);
    response.end(answer.body);
  }
}
