import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
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
  readonly requests: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  /** Refuses what comes next. */
  refuseWith: { readonly status: number; readonly body: string } | undefined;
  answer: (method: string, path: string) => { status: number; body: string } = () => ({
    status: 404,
    body: "",
  });
  onFrame: (connection: FakeConnection, frame: Record<string, unknown>) => void = () => {};
  readonly #http = createServer((request, response) => void this.#onRequest(request, response));
  readonly #sockets = new WebSocketServer({ noServer: true });

  static async start(): Promise<FakeBroker> {
    const broker = new FakeBroker();
    await new Promise<void>((resolve) => broker.#http.listen(0, "127.0.0.1", resolve));
    broker.#http.on("upgrade", (request, socket, head) => {
      const refused = broker.refuseWith;
      if (refused !== undefined) {
        socket.end(
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
    return `ws://127.0.0.1:${port}`;
  }

  connection(index: number): FakeConnection {
    const connection = this.connections[index];
    if (connection === undefined) throw new Error(`There is no connection ${index}`);
    return connection;
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
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
    this.requests.push({ method: request.method ?? "", path, body });
    const answer = this.answer(request.method ?? "", path);
    response.writeHead(answer.status);
    response.end(answer.body);
  }
}
