import type { AppRouter } from "@downbeat/api";
import { fetchAnswer } from "@downbeat/api/fetch-answer";
import { createTRPCClient, httpLink } from "@trpc/client";
import { afterEach, expect, test, vi } from "vitest";
import { messageOf, retryAfterMs, troubleOf } from "./trouble.ts";

afterEach(() => vi.unstubAllGlobals());

/** What becomes of a question that is answered so. */
async function asked(answer: () => Promise<Response>): Promise<unknown> {
  vi.stubGlobal("fetch", answer);
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: "http://x", fetch: fetchAnswer })] });
  return client.runs.list.query({}).catch((error: unknown) => error);
}

const plain = (status: number) => asked(async () => new Response("no", { status }));
const ofApi = (httpStatus: number, code: string, message: string) =>
  asked(async () =>
    Response.json({ error: { message, code: -32_000, data: { code, httpStatus } } }, { status: httpStatus }),
  );

test.each([
  [413, "too large"],
  [414, "too long"],
  [429, "too many requests"],
  [431, "too long"],
  [418, "HTTP 418"],
])("HTTP %d is a refusal that says what to do", async (status, words) => {
  const error = await plain(status);
  expect(troubleOf(error)).toBe("refused");
  expect(messageOf(error)).toContain(words);
});

test("whoever asked too often is told how long to wait, where the server says so", async () => {
  const after = (seconds: string) =>
    asked(async () => new Response("no", { status: 429, headers: { "retry-after": seconds } }));
  expect(messageOf(await after("7"))).toBe(
    "The server has had too many requests: wait 7 seconds and try again.",
  );
  expect(retryAfterMs(await after("7"))).toBe(7_000);
  for (const odd of ["", "-1", "1e9", "99999999", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
    const error = await after(odd);
    expect(messageOf(error)).toContain("wait a moment");
    expect(retryAfterMs(error)).toBeUndefined();
  }
  expect(retryAfterMs(await plain(503))).toBeUndefined();
});

test.each([502, 503, 504, 500])(
  "HTTP %d without an answer of the API is a server that is away",
  async (status) => {
    const error = await plain(status);
    expect(troubleOf(error)).toBe("away");
    expect(messageOf(error)).toBe("The server can't be reached.");
  },
);

test("no connection is a server that is away", async () => {
  expect(troubleOf(await asked(() => Promise.reject(new TypeError("Failed to fetch"))))).toBe("away");
});

test("what the API says is said, and only a refusal means that nothing was done", async () => {
  const refused = await ofApi(400, "BAD_REQUEST", "The input can't be taken.");
  expect(troubleOf(refused)).toBe("refused");
  expect(messageOf(refused)).toBe("The input can't be taken.");
  expect(troubleOf(await ofApi(503, "SERVICE_UNAVAILABLE", "The log can't be reached."))).toBe("failed");
});
