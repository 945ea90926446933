import { expect, test } from "vitest";
import type { Client } from "../../trpc/client.ts";
import { sendAction } from "./send-action.ts";
import type { PersonVerb } from "./target.ts";

/** What is sent, by the procedure that gets it. */
async function sentFor(verb: PersonVerb, kind: "backOff" | "deadline"): Promise<unknown> {
  const mutate = async (input: unknown) => input;
  const jobs = { runNow: { mutate }, cancel: { mutate } };
  const timers = { fire: { mutate }, postpone: { mutate } };
  const client: unknown = { jobs, timers };
  const target = {
    runId: "a",
    workflow: "w",
    jobId: "j1",
    timer: { kind, id: "j1", dueAt: 5, attempt: 2, name: "pay" },
  };
  return sendAction(client as Client, verb, target, { reason: "why", until: 9 }, "once");
}

test("what is done to an attempt, or to the pause after it, says which attempt was seen", async () => {
  expect(await sentFor("timeOutJob", "deadline")).toMatchObject({ kind: "deadline", id: "j1", attempt: 2 });
  expect(await sentFor("postponeRetry", "backOff")).toMatchObject({ id: "j1", attempt: 2, until: 9 });
  const cancelled = { jobId: "j1", attempt: 2 };
  expect(await sentFor("cancelJob", "backOff")).toMatchObject({ ...cancelled, onlyWhile: "backingOff" });
  expect(await sentFor("cancelJob", "deadline")).toMatchObject({ ...cancelled, onlyWhile: "inFlight" });
  expect(await sentFor("runJobNow", "backOff")).toMatchObject({ jobId: "j1", attempt: 2 });
});
