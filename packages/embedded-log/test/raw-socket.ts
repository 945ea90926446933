import { until } from "@downbeat/message-log/testing";
import { WebSocket } from "ws";

/** A client that sends and sees frames as they are. */
export class RawSocket {
  readonly frames: Record<string, unknown>[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: WebSocket;

  pings = 0;

  /** @param autoPong whether pings are answered */
  static async open(
    url: string,
    headers: Record<string, string> = {},
    { autoPong = true }: { readonly autoPong?: boolean } = {},
  ): Promise<RawSocket> {
    const socket = new WebSocket(url, { headers, autoPong, perMessageDeflate: true });
    const raw = new RawSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
      socket.once("unexpected-response", (_request, response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => reject(new Error(`${response.statusCode} ${body}`)));
      });
    });
    return raw;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.frames.push(JSON.parse(String(data))));
    socket.on("ping", () => {
      this.pings += 1;
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  get extensions(): string {
    return this.#socket.extensions;
  }

  send(frame: unknown): void {
    this.#socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  async frame(index: number): Promise<Record<string, unknown>> {
    await until(`frame ${index} came`, () => this.frames.length > index);
    return this.frames[index] ?? {};
  }

  async ended(): Promise<{ readonly code: number; readonly reason: string }> {
    await until("the socket is closed", () => this.closed !== undefined);
    return this.closed ?? { code: 0, reason: "" };
  }

  /** Without a closing handshake. */
  break(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close();
  }
}
