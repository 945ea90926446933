import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Metrics } from "../metrics.ts";
import type { ServedNamespaces } from "../namespaces/served-namespaces.ts";
import type { apiHandler } from "./api-handler.ts";
import { apiPrefix } from "./api-target.ts";
import { apiRefusal, refusal } from "./guard.ts";
import { type Readiness, readiness } from "./readiness.ts";
import type { WebProxy } from "./web-proxy.ts";

export interface HttpServerOptions {
  readonly api: ReturnType<typeof apiHandler>;
  readonly namespaces: ServedNamespaces;
  readonly metrics: Metrics;
  readonly web: WebProxy;
}

/** One origin for the browser: the API, what operators ask for, and everything else from the dashboard's process. */
export function httpServer(options: HttpServerOptions): Server {
  const server = createServer((request, response) => answer(options, request, response));
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (refusal(request.headers) !== undefined) socket.destroy();
    else options.web.passUpgrade(request, socket, head);
  });
  return server;
}

function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const refused = refusal(request.headers);
  if (refused !== undefined) return text(response, 403, refused);
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
    const notForApi = apiRefusal(request.method, request.headers);
    if (notForApi !== undefined) return text(response, 403, notForApi);
    if (options.api(request, response, pathname)) return;
  }
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

function text(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(`${sentence}\n`);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(value)}\n`);
}
