import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopbackHost } from "@downbeat/protocol";
import type { Registry } from "prom-client";
import type { ReadyState } from "./readiness.ts";

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/healthz`, `/readyz` and `/metrics` of the engine, on loopback. */
export async function serveHealth(
  port: number,
  ready: () => ReadyState,
  registry: Registry,
): Promise<HealthServer> {
  const server: Server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response
        .writeHead(status, {
          "content-type": type,
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        })
        .end(body);
    if (!isLoopbackHost(request.headers.host))
      return answer(403, "text/plain", "The engine answers on this machine's own address only.\n");
    switch (request.url) {
      case "/healthz":
        return answer(200, "text/plain", "ok\n");
      case "/readyz": {
        const state = ready();
        return answer(state.ready ? 200 : 503, "application/json", JSON.stringify(state));
      }
      case "/metrics":
        return void registry.metrics().then((text) => answer(200, registry.contentType, text));
      default:
        return answer(404, "text/plain", "There is /healthz, /readyz and /metrics.\n");
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} is in use: choose another with DOWNBEAT_ENGINE_PORT.`)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
