import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HttpJob, httpJobs } from "../src/http/index.ts";
import { BusinessError, NonRetryableError } from "../src/index.ts";
import type { JobContext } from "../src/worker/index.ts";

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

let answer: Answer;
let url: string;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => answer(request, body, response));
});

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/book`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function call(
  input: unknown,
  options: Partial<HttpJob> = {},
  signal = new AbortController().signal,
): Promise<unknown> {
  const context: JobContext = {
    jobId: "j1",
    runId: "bestellung-ü",
    workflow: "w",
    attempt: 2,
    idempotencyKey: "bestellung-ü/j1",
    signal,
    heartbeat: () => {},
  };
  return httpJobs({ book: { url, ...options } }).book.handler(input, context);
}

function answers(status: number, body: unknown): void {
  answer = (_request, _body, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

async function errorOf(
  calling: Promise<unknown>,
): Promise<{ kind: string; name: string; message: string; details?: unknown }> {
  const error = await calling.then(
    () => new Error("no error"),
    (thrown: unknown) => thrown as Error,
  );
  const kind =
    error instanceof BusinessError
      ? "business"
      : error instanceof NonRetryableError
        ? "invalid"
        : "technical";
  const details = error instanceof BusinessError ? error.details : undefined;
  return { kind, name: error.name, message: error.message, ...(details !== undefined && { details }) };
}

test("posts the input as JSON, with headers that name the attempt", async () => {
  let seen: unknown;
  answer = (request, body, response) => {
    const { method, headers } = request;
    seen = { method, body, headers };
    response.end('{"room":7}');
  };
  const headers = { authorization: "Bearer x", "idempotency-key": "forged" };
  expect(await call({ nights: 2 }, { headers })).toEqual({ room: 7 });
  expect(seen).toMatchObject({
    method: "POST",
    body: '{"nights":2}',
    headers: {
      "content-type": "application/json",
      authorization: "Bearer x",
      "idempotency-key": "bestellung-%C3%BC/j1",
      "downbeat-run-id": "bestellung-%C3%BC",
      "downbeat-job-id": "j1",
      "downbeat-attempt": "2",
    },
  });
});

describe("what an answer means", () => {
  test("an empty answer is null", async () => {
    answers(204, "");
    expect(await call(1)).toBeNull();
  });

  test.each([
    [
      409,
      { error: { name: "HotelFull", message: "No room." } },
      { kind: "business", name: "HotelFull", message: "No room." },
    ],
    [422, "no", { kind: "business", name: "Http422" }],
    [
      402,
      { error: { name: "CardDeclined", message: "declined", business: true, details: { code: 51 } } },
      { kind: "business", name: "CardDeclined", details: { code: 51 } },
    ],
    [429, { error: { name: "Quota", message: "x", business: true } }, { kind: "business", name: "Quota" }],
    [409, { error: { name: "Busy", message: "x", business: false } }, { kind: "invalid", name: "Busy" }],
    [408, "", { kind: "technical", name: "Http408" }],
    [425, "", { kind: "technical", name: "Http425" }],
    [429, "", { kind: "technical", name: "Http429" }],
    [500, "<html>", { kind: "technical", name: "Http500" }],
    [503, { error: { name: "Down", message: "x", business: true } }, { kind: "technical", name: "Down" }],
    [
      400,
      { error: { name: "BadInput", message: "nights is missing" } },
      { kind: "invalid", name: "BadInput", message: "nights is missing" },
    ],
    [404, "", { kind: "invalid", name: "Http404" }],
    [302, "", { kind: "invalid", name: "Http302" }],
    [200, "<html>", { kind: "technical", name: "InvalidResponse" }],
  ])("%i %j", async (status, body, expected) => {
    answers(status, body);
    expect(await errorOf(call(1))).toMatchObject(expected);
  });

  test("no server is technical, and says why", async () => {
    const gone = new URL(url);
    gone.port = "65001";
    expect(await errorOf(call(1, { url: gone }))).toMatchObject({
      kind: "technical",
      name: "HttpUnreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("no answer in time is technical", async () => {
    answer = () => {};
    expect(await errorOf(call(1, { timeoutMs: 30 }))).toMatchObject({
      kind: "technical",
      name: "HttpTimeout",
    });
  });

  test("an answer that breaks off is technical", async () => {
    answer = (_request, _body, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{");
      setTimeout(() => response.destroy(), 5);
    };
    expect(await errorOf(call(1))).toMatchObject({ kind: "technical" });
  });

  test("an answer that can't be carried is never tried again", async () => {
    answers(200, JSON.stringify("x".repeat(500_000)));
    expect(await errorOf(call(1))).toMatchObject({ kind: "invalid", name: "ResponseTooLarge" });
  });

  test("the worker's signal ends the request", async () => {
    let closed = false;
    const controller = new AbortController();
    answer = (request) => {
      request.socket.on("close", () => {
        closed = true;
      });
      controller.abort(new Error("stopping"));
    };
    await expect(call(1, {}, controller.signal)).rejects.toThrow("stopping");
    while (!closed) await new Promise((resolve) => setTimeout(resolve, 1));
  });
});
