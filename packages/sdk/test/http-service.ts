import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { attemptFailure } from "../src/failure.ts";
import { type HttpJob, httpJobs } from "../src/http/index.ts";
import { BusinessError, NonRetryableError } from "../src/index.ts";
import type { JobContext } from "../src/worker/index.ts";

export type Serve = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface TestService extends AsyncDisposable {
  readonly url: string;
  serve: Serve;
}

/** A server of this process that answers as the test says. */
export async function openService(serve: Serve = (_, response) => response.end("1")): Promise<TestService> {
  const service = { serve };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => service.serve(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(service, {
    url: `http://127.0.0.1:${port}/book`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

export function answers(status: number, body: unknown, headers: Record<string, string> = {}): Serve {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** The body's beginning, and then nothing more. */
export function stalls(status: number): Serve {
  return (_request, response) => {
    response.writeHead(status, { "content-length": "100" });
    response.write('{"room":');
  };
}

/** The body's beginning, and then the connection's end. */
export function cutsOff(status: number): Serve {
  return (_request, response) => {
    response.writeHead(status, { "content-length": "100" });
    response.write('{"room":', () => setImmediate(() => response.destroy()));
  };
}

const nothing = (): void => {};

export function contextOf(given: Partial<JobContext> = {}): JobContext {
  return {
    jobId: "j1",
    runId: "bestellung-ü",
    workflow: "w",
    attempt: 2,
    idempotencyKey: "bestellung-ü/j1",
    signal: new AbortController().signal,
    heartbeat: () => {},
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    ...given,
  };
}

export async function call(
  options: HttpJob,
  input: unknown = 1,
  given: Partial<JobContext> = {},
): Promise<unknown> {
  return httpJobs({ book: options }).book.handler(input, contextOf(given));
}

export interface Told {
  readonly kind: "result" | "business" | "technical" | "invalid";
  readonly name?: string;
  readonly message?: string;
  readonly details?: unknown;
  readonly retryAfterMs?: number;
  /** All that goes into history. */
  readonly kept?: string;
}

export async function told(calling: Promise<unknown>): Promise<Told> {
  try {
    await calling;
    return { kind: "result" };
  } catch (error) {
    const { name, message } = error as Error;
    const { retryAfterMs } = error as { retryAfterMs?: number };
    const details = error instanceof BusinessError ? error.details : undefined;
    return {
      kind:
        error instanceof BusinessError
          ? "business"
          : error instanceof NonRetryableError
            ? "invalid"
            : "technical",
      name,
      message,
      kept: JSON.stringify(attemptFailure(error)),
      ...(details !== undefined && { details }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
}
