import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { LogError } from "@downbeat/message-log";
import { isLoopback, tokenAsked } from "@downbeat/wire";
import { WebSocketServer } from "ws";
import type { EmbeddedLog } from "../embedded-log.ts";
import type { LogHandle } from "../log-handle.ts";
import type { LogToken } from "../log-token.ts";
import { type AdminReply, answerAdmin, bodyOf } from "./admin.ts";
import { openConsumer } from "./consumer-socket.ts";
import { messageOf, statusOf } from "./http-status.ts";
import { refusalOf } from "./loopback.ts";
import type { Opened } from "./opened.ts";
import { answerOperator, operatorPath } from "./operator.ts";
import { checkParameters } from "./parameters.ts";
import { openProducer } from "./producer-socket.ts";
import { openReader } from "./reader-socket.ts";
import { parseSessionPath, type SessionPath } from "./session-path.ts";
import { shownToken } from "./shown-token.ts";
import { type SocketHandlers, SocketSession } from "./socket-session.ts";

export interface ServeOptions {
  /** A loopback address: what is said goes over the line as it is. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. Default 8080, as Pulsar's. */
  readonly port?: number;
  /** Whom it answers. Not given: whoever reaches the address. */
  readonly token?: LogToken | undefined;
  /** Who has it may have a backup written. Not given: nobody may. */
  readonly operatorToken?: string;
  /** How often clients are asked whether they are still there. Default 5,000. */
  readonly pingEveryMs?: number;
}

export interface LogServer {
  readonly port: number;
  /** `ws://host:port`, for the Pulsar adapter's `serviceUrl`. */
  readonly url: string;
  /** Ends every connection; the log stays open. */
  close(): Promise<void>;
}

const mostFrameBytes = 1024 * 1024;

// A client that is silent for three times as long is taken for gone.
const defaultPingEveryMs = 5_000;

const openers = { producer: openProducer, consumer: openConsumer, reader: openReader };

/** Serves the log to other processes of this machine, in the words of Pulsar's WebSocket and admin APIs. */
export async function serve(log: EmbeddedLog, options: ServeOptions = {}): Promise<LogServer> {
  const { host = "127.0.0.1", port = 8080, pingEveryMs = defaultPingEveryMs } = options;
  if (!isLoopback(host)) {
    throw new LogError(
      "invalid",
      `The log is served on a loopback address only, such as 127.0.0.1, not on ${host}.`,
    );
  }
  const sessions = new Sessions(log, pingEveryMs, options);
  const server = createServer((request, response) => void sessions.onRequest(request, response));
  server.on("upgrade", (request, socket, head) => {
    sessions.onUpgrade(request, socket, head).catch(() => socket.destroy());
  });
  await listen(server, port, host);
  const unfollow = options.token?.follow(() => sessions.endAll("The log's token was replaced."));
  const { port: taken } = server.address() as AddressInfo;
  return {
    port: taken,
    url: `ws://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${taken}`,
    close: async () => {
      unfollow?.();
      sessions.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Sessions {
  readonly #log: EmbeddedLog;
  readonly #token: LogToken | undefined;
  readonly #operatorToken: string | undefined;
  readonly #webSockets: WebSocketServer;
  readonly #handles = new Map<string, LogHandle>();
  readonly #streams = new Set<Duplex>();
  readonly #sockets = new Set<SocketSession>();
  readonly #pings: NodeJS.Timeout;

  constructor(
    log: EmbeddedLog,
    pingEveryMs: number,
    { token, operatorToken }: Pick<ServeOptions, "token" | "operatorToken">,
  ) {
    this.#log = log;
    this.#token = token;
    this.#operatorToken = operatorToken;
    this.#pings = setInterval(() => {
      for (const socket of this.#sockets) socket.ping();
    }, pingEveryMs);
    this.#pings.unref();
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // A larger one is answered with 1009. Pulsar's own limit, so that who stays within it here does so there.
      maxPayload: Math.min(mostFrameBytes, Math.ceil(log.maxMessageBytes * 1.5) + 64 * 1024),
    });
  }

  close(): void {
    clearInterval(this.#pings);
    for (const handle of this.#handles.values()) void handle.close();
    this.#handles.clear();
    for (const stream of this.#streams) stream.destroy();
  }

  endAll(reason: string): void {
    for (const socket of this.#sockets) socket.end(new LogError("unauthorized", reason));
  }

  async onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request);
    const { status, body } =
      refusal === undefined
        ? await this.#answer(request).catch(failedReply)
        : { status: 403, body: JSON.stringify({ reason: refusal }) };
    const asked = status === 401 ? { "www-authenticate": "Bearer" } : {};
    response.writeHead(status, { "content-type": "application/json", ...asked });
    response.end(body);
  }

  async #answer(request: IncomingMessage): Promise<AdminReply> {
    if (request.url?.startsWith(operatorPath) !== true) {
      this.#assertShown(shownToken(request));
      return answerAdmin(request, (tenant, namespace) => this.#handle(tenant, namespace));
    }
    return answerOperator(request, () => bodyOf(request), { log: this.#log, token: this.#operatorToken });
  }

  async onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    // Until the WebSocket takes over, a reset connection must not end the process.
    stream.on("error", () => stream.destroy());
    const refusal = refusalOf(request);
    if (refusal !== undefined) return refuse(stream, 403, refusal);
    const target = `http://localhost${request.url ?? "/"}`;
    if (!URL.canParse(target)) return refuse(stream, 400, "This is no address");
    const url = new URL(target);
    let opened: Opened;
    try {
      const token = shownToken(request, url.searchParams);
      this.#assertShown(token);
      const path = parseSessionPath(url.pathname);
      if (path === undefined) return refuse(stream, 404, "No such endpoint");
      opened = await this.#open(path, url.searchParams);
      // Replaced meanwhile, it would outlive the sessions that ended then.
      if (this.#token?.isShownBy(token) === false) opened.abandon();
      this.#assertShown(token);
    } catch (error) {
      return refuse(stream, statusOf(error), messageOf(error));
    }
    this.#upgrade(request, stream, head, opened);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, opened: Opened): void {
    let attached = false;
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      attached = true;
      this.#streams.add(stream);
      let handlers: SocketHandlers | undefined;
      const session = new SocketSession(socket, stream, {
        onText: (text) => handlers?.onText(text),
        onClose: () => {
          this.#streams.delete(stream);
          this.#sockets.delete(session);
          handlers?.onClose();
        },
        onCongested: (is) => handlers?.onCongested?.(is),
      });
      this.#sockets.add(session);
      handlers = opened.attach(session);
    });
    if (!attached) opened.abandon();
  }

  /** Before it is looked at what is asked for. @throws LogError */
  #assertShown(token: string | undefined): void {
    if (this.#token?.isShownBy(token) === false)
      throw new LogError("unauthorized", tokenAsked(this.#token.file));
  }

  async #open(path: SessionPath, query: URLSearchParams): Promise<Opened> {
    checkParameters(path.kind, query);
    return openers[path.kind](this.#handle(path.tenant, path.namespace), path, query);
  }

  #handle(tenant: string, namespace: string): LogHandle {
    const scope = `${tenant}/${namespace}`;
    let handle = this.#handles.get(scope);
    if (handle === undefined) {
      handle = this.#log.handle({ tenant, namespace });
      this.#handles.set(scope, handle);
    }
    return handle;
  }
}

function failedReply(error: unknown): { status: number; body: string } {
  return { status: statusOf(error), body: JSON.stringify({ reason: messageOf(error) }) };
}

function refuse(stream: Duplex, status: number, message: string): void {
  const body = Buffer.from(message);
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\nConnection: close\r\n${status === 401 ? "WWW-Authenticate: Bearer\r\n" : ""}Content-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${body.byteLength}\r\n\r\n${body}`,
  );
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE"
          ? "the port is in use by another process; choose another one"
          : error.message;
      reject(
        new LogError("unavailable", `The log cannot be served on ${host}:${port}: ${why}.`, { cause: error }),
      );
    });
    server.listen(port, host.replace(/^\[|\]$/g, ""), () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}
