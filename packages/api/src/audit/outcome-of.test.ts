import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import { z } from "zod";
import { outcomeOf, outcomeOfError } from "./outcome-of.ts";

test("an answer says what came of it", () => {
  expect(outcomeOf({ outcome: { type: "accepted" } })).toEqual({ is: "done" });
  expect(outcomeOf({ outcome: { type: "inProgress" } })).toEqual({ is: "done" });
  expect(outcomeOf({ outcome: { type: "pending" } })).toEqual({ is: "undecided" });
  expect(outcomeOf({ outcome: { type: "refused", code: "RunNotOpen", message: "It has ended." } })).toEqual({
    is: "refused",
    why: "It has ended.",
  });
  expect(outcomeOf({ outcome: { type: "lost" } }).is).toBe("failed");
  expect(outcomeOf({ outcome: "conflict" }).is).toBe("refused");
  expect(outcomeOf({ outcome: "saved" })).toEqual({ is: "done" });
  expect(outcomeOf({ delivered: true })).toEqual({ is: "done" });
  expect(outcomeOf(undefined)).toEqual({ is: "done" });
});

test("what was typed is not quoted when it can't be taken", () => {
  const cause = z.object({ input: z.literal("x") }).safeParse({ input: "a secret" }).error;
  const error = new TRPCError({ code: "BAD_REQUEST", message: "input: a secret", cause });
  expect(outcomeOfError(error)).toEqual({ is: "refused", why: "The input can't be taken: input." });
});

test("a refusal is told apart from a failure, and what went wrong inside is for the server's log", () => {
  const of = (code: TRPCError["code"]) => outcomeOfError(new TRPCError({ code, message: "Said." }));
  expect(of("FORBIDDEN")).toEqual({ is: "refused", why: "Said." });
  expect(of("NOT_FOUND")).toEqual({ is: "refused", why: "Said." });
  expect(of("SERVICE_UNAVAILABLE")).toEqual({ is: "failed", why: "Said." });
  expect(of("INTERNAL_SERVER_ERROR").why).toBe("The server failed on it; its log says more.");
});
