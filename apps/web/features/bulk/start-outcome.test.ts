import type { ActionView } from "@downbeat/api/views";
import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { startOutcome } from "./start-outcome.ts";

const view = (outcome: ActionView["outcome"]): Promise<ActionView> =>
  Promise.resolve({
    actionId: "a",
    verb: "startRun",
    actor: "ada",
    reason: "",
    at: 0,
    runId: "bulk-1",
    outcome,
  });

const apiError = (code: string, httpStatus: number) =>
  TRPCClientError.from({ error: { message: "No.", code: -32_000, data: { code, httpStatus } } });

test("a bulk action that is taken, or in the log, has a page", async () => {
  expect(await startOutcome(view({ type: "accepted" }))).toEqual({ type: "started", bulkId: "bulk-1" });
  expect(await startOutcome(view({ type: "pending" }))).toEqual({ type: "started", bulkId: "bulk-1" });
});

test("what was turned down has not started: what is sent next is another one", async () => {
  const refused = { type: "refused", code: "Unprocessable", message: "Too many." } as const;
  expect(await startOutcome(view(refused))).toEqual({ type: "notStarted", problem: "Too many." });
  expect(await startOutcome(Promise.reject(apiError("BAD_REQUEST", 400)))).toEqual({
    type: "notStarted",
    problem: "No.",
  });
});

test("without an answer nobody knows, and it says so", async () => {
  for (const error of [new TypeError("Failed to fetch"), apiError("SERVICE_UNAVAILABLE", 503)])
    expect(await startOutcome(Promise.reject(error))).toMatchObject({
      type: "unknown",
      problem: expect.stringMatching(/It is not certain whether it has started\./),
    });
});
