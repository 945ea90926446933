import { expect, test, vi } from "vitest";
import { openEngineering, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

test("an action that nobody decides yet is in the log once, however often it is sent, and its outcome follows", async () => {
  await using engineering = await openEngineering(["public/default"], { enginesStartLater: true });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api } = server;
  const start = { workflow: "trip", input: "{}", actionId: "one-dialog" };
  const answers = await Promise.all([api.runs.start.mutate(start), api.runs.start.mutate(start)]);
  answers.push(await api.runs.start.mutate(start));
  expect(answers.map(({ outcome }) => outcome.type)).toEqual(["pending", "pending", "pending"]);
  const [runId] = new Set(answers.map((answer) => answer.runId));
  if (runId === undefined) throw new Error("no run was named");
  await expect(api.runs.start.mutate({ ...start, input: '{"approval":true}' })).rejects.toThrow(
    "it was sent with other values, which are in the log and not decided yet",
  );
  await expect(api.runs.cancel.mutate({ runId, reason: "slip", actionId: "one-dialog" })).rejects.toThrow(
    /There is no run|is taken/,
  );

  engineering.startEngines();
  const outcome = () => api.actions.outcome.query({ runId, actionId: "one-dialog", waitMs: 1_000 });
  await until(async () => (await outcome()).outcome.type === "accepted");
  expect((await api.runs.start.mutate(start)).outcome).toEqual({ type: "accepted" });
  await until(async () => (await api.runs.get.query({ runId })).status === "completed");
  const { count, runs } = await api.runs.list.query({});
  expect(runs.map((run) => run.runId)).toEqual([runId]);
  expect(count).toBe(1);
});
