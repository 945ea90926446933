import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Metrics } from "../metrics.ts";
import type { ServedNamespaces } from "../namespaces/served-namespaces.ts";
import { setHeaders } from "./answer-headers.ts";
import type { apiHandler } from "./api-handler.ts";
import { apiPrefix } from "./api-target.ts";
import { apiRefusal, pageRefusal, type Refusal, refusal } from "./guard.ts";
import { type Readiness, readiness } from "./readiness.ts";
import { endUnreadAnswers } from "./unread-answers.ts";
import type { WebProxy } from "./web-proxy.ts";

export interface HttpServerOptions {
  readonly api: ReturnType<typeof apiHandler>;
  readonly namespaces: ServedNamespaces;
  readonly metrics: Metrics;
  readonly web: WebProxy;
}

/** A body that comes more slowly is not waited for: whoever sends so holds a connection. */
const bodyWithinMs = 30_000;
const headersWithinMs = 10_000;
const lookEveryMs = 2_000;

/** One origin for the browser: the API, what operators ask for, and everything else from the dashboard's process. */
export function httpServer(options: HttpServerOptions): Server {
  const limits = {
    requestTimeout: bodyWithinMs,
    headersTimeout: headersWithinMs,
    connectionsCheckingInterval: lookEveryMs,
  };
  const server = createServer(limits, (request, response) => answer(options, request, response));
  server.once("close", endUnreadAnswers(server));
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (refusal(request) !== undefined) socket.destroy();
    else options.web.passUpgrade(request, socket, head);
  });
  return server;
}

function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): void {
  setHeaders(response);
  const refused = refusal(request);
  if (refused !== undefined) return refuse(response, refused);
  const pathname = (request.url ?? "/").split("?", 1)[0] ?? "/";
  // What renders the pages fails on it without a word.
  if (!isEncoded(pathname)) return text(response, 400, "This address has a % that stands for nothing.");
  switch (pathname) {
    case "/healthz":
      return text(response, 200, "ok");
    case "/readyz":
      return ready(response, readiness(options.namespaces.all, "all"));
    case "/readyz/reads":
      return ready(response, readiness(options.namespaces.all, "reads"));
    case "/metrics":
      return void metrics(options.metrics, response);
    default:
  }
  if (pathname.startsWith(apiPrefix)) {
    const notForApi = apiRefusal(request);
    if (notForApi !== undefined) return refuse(response, notForApi);
    if (options.api(request, response, pathname)) return;
  }
  const notForPages = pageRefusal(request);
  if (notForPages !== undefined) return refuse(response, notForPages);
  options.web.pass(request, response);
}

function isEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

async function metrics({ registry }: Metrics, response: ServerResponse): Promise<void> {
  const body = await registry.metrics();
  response.writeHead(200, { "content-type": registry.contentType });
  response.end(body);
}

function ready(response: ServerResponse, state: Readiness): void {
  json(response, state.ready ? 200 : 503, state);
}

/** What the client still sends is not read, so the connection can't be used for more. */
function refuse(response: ServerResponse, { status, sentence }: Refusal): void {
  response.setHeader("connection", "close");
  if (status === 405) response.setHeader("allow", "GET, HEAD");
  text(response, status, sentence);
}

function text(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(value)}\n`);
}
