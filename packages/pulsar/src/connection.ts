import type { IncomingMessage } from "node:http";
import { LogError } from "@downbeat/message-log";
import { Corked } from "@downbeat/wire";
import { type RawData, WebSocket } from "ws";
import { noConnection } from "./connect-error.ts";
import { errorOfStatus } from "./http-error.ts";
import type { Shown } from "./sign-in.ts";

export interface ConnectionOptions {
  readonly shown: Shown;
  readonly pingIntervalMs: number;
}

export interface ConnectionEvents {
  readonly onText: (text: string) => void;
  /** Called once, not when `close()` was called before. */
  readonly onLost: (error: LogError) => void;
}

const handshakeTimeoutMs = 15_000;
const closeTimeoutMs = 2_000;
/** A loaded log may be late with one. */
const mostUnanswered = 3;
const largestFrameBytes = 64 * 1024 * 1024;

/** One WebSocket to the log: opened, watched by pings, ended once. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #corked: Corked;
  readonly #events: ConnectionEvents;
  readonly #what: string;
  readonly #pinger: NodeJS.Timeout;
  #unanswered = 0;
  #ended = false;
  #lastError: Error | undefined;

  /** @param what names the session in error messages, such as "Consumer of jobs-bookFlight" */
  static open(
    url: string,
    what: string,
    options: ConnectionOptions,
    events: ConnectionEvents,
  ): Promise<Connection> {
    const { shown } = options;
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        headers: shown.headers,
        perMessageDeflate: false,
        maxPayload: largestFrameBytes,
        handshakeTimeout: handshakeTimeoutMs,
        ...shown.tls,
      });
      let response: IncomingMessage | undefined;
      const failed = (error: Error) => reject(noConnection(what, "no connection to the log", error, shown));
      socket.once("error", failed);
      socket.once("upgrade", (upgrade) => {
        response = upgrade;
      });
      socket.once("unexpected-response", (_, refused) => {
        // Kept open for a next request that never comes, nobody would hear it break: Node ends the process then.
        const { socket: line } = refused;
        line.on("error", () => {});
        void bodyOf(refused).then((body) => {
          line.destroy();
          reject(errorOfStatus(refused.statusCode ?? 500, what, body, shown));
        });
      });
      socket.once("open", () => {
        if (response === undefined) return failed(new Error("the upgrade was not seen"));
        socket.off("error", failed);
        // Frames wait until whoever opened the session has it in hand.
        socket.pause();
        setImmediate(() => socket.resume());
        resolve(new Connection(socket, response, what, options.pingIntervalMs, events));
      });
    });
  }

  private constructor(
    socket: WebSocket,
    upgrade: IncomingMessage,
    what: string,
    pingIntervalMs: number,
    events: ConnectionEvents,
  ) {
    this.#socket = socket;
    this.#corked = new Corked(upgrade.socket);
    this.#what = what;
    this.#events = events;
    socket.on("message", (data, isBinary) => this.#onFrame(data, isBinary));
    socket.on("pong", () => {
      this.#unanswered = 0;
    });
    socket.on("error", (error) => {
      this.#lastError = error;
    });
    socket.on("close", (code, reason) => this.#onClosed(code, reason.toString()));
    this.#pinger = setInterval(() => this.#ping(), pingIntervalMs);
    this.#pinger.unref();
  }

  get open(): boolean {
    return !this.#ended;
  }

  /** Bytes that the network has not taken yet. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    if (this.#ended) return;
    this.#corked.hold();
    this.#socket.send(text);
  }

  /** Ends the session because of what came in or failed to. */
  fail(error: LogError): void {
    if (this.#end()) this.#events.onLost(error);
    this.#socket.terminate();
  }

  close(): Promise<void> {
    this.#end();
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      const impatient = setTimeout(() => this.#socket.terminate(), closeTimeoutMs);
      this.#socket.once("close", () => {
        clearTimeout(impatient);
        resolve();
      });
      // The other side's frames must be read for its closing frame to be seen.
      this.#socket.resume();
      this.#socket.close(1000);
    });
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    this.#unanswered = 0;
    if (isBinary || !Buffer.isBuffer(data)) {
      this.fail(new LogError("unavailable", `${this.#what}: the log sent a binary frame.`));
      return;
    }
    this.#events.onText(data.toString());
  }

  #ping(): void {
    if (this.#unanswered >= mostUnanswered) {
      this.fail(new LogError("unavailable", `${this.#what}: the log has not answered the last pings.`));
      return;
    }
    this.#unanswered += 1;
    this.#socket.ping();
  }

  #onClosed(code: number, reason: string): void {
    if (!this.#end()) return;
    const why = reason === "" ? (this.#lastError?.message ?? `code ${code}`) : reason;
    const cause = this.#lastError === undefined ? {} : { cause: this.#lastError };
    this.#events.onLost(new LogError("unavailable", `${this.#what}: the connection ended (${why}).`, cause));
  }

  /** False when it had ended before. */
  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearInterval(this.#pinger);
    return true;
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  let length = 0;
  response.setEncoding("utf8");
  try {
    for await (const chunk of response) {
      chunks.push(String(chunk));
      length += String(chunk).length;
      if (length > 10_000) break;
    }
  } catch {
    // The status says enough.
  }
  return chunks.join("");
}
