import type { IncomingMessage, ServerResponse } from "node:http";
import { appRouter, type Services } from "@downbeat/api";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import type { Logger } from "pino";
import type { Metrics } from "../metrics.ts";

const prefix = "/trpc/";
// A payload of the largest size, escaped as JSON at its worst.
const maxBodySize = 1_000_000;
const livePath = "live.changes";

export interface ApiHandlerOptions {
  readonly services: Services;
  readonly actor: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** A question failed with something that is no fault of who asked. */
  readonly onFailure: (error: unknown) => void;
}

export const procedureNames: ReadonlySet<string> = new Set(Object.keys(appRouter._def.procedures));

/** Answers `/trpc/…`; `false` for other paths. */
export function apiHandler({ services, actor, metrics, logger, onFailure }: ApiHandlerOptions) {
  return (request: IncomingMessage, response: ServerResponse, pathname: string): boolean => {
    if (!pathname.startsWith(prefix)) return false;
    const path = pathname.slice(prefix.length);
    const began = performance.now();
    const isLive = path === livePath;
    if (isLive) metrics.followers.inc();
    response.on("close", () => {
      if (isLive) return metrics.followers.dec();
      metrics.observeRequest(path, response.statusCode < 400, (performance.now() - began) / 1_000);
    });
    void nodeHTTPRequestHandler({
      router: appRouter,
      req: request,
      res: response,
      path,
      maxBodySize,
      createContext: () => ({ ...services, actor }),
      onError({ error, path: procedure, type }) {
        if (error.code === "INTERNAL_SERVER_ERROR") {
          logger.error({ err: error.cause ?? error, procedure, type }, "a request failed");
          onFailure(error.cause);
        } else {
          logger.debug({ procedure, type, code: error.code, reason: error.message }, "a request was refused");
        }
      },
    });
    return true;
  };
}
