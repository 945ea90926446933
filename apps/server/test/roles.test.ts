import { BusinessError, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { follow } from "./follow.ts";
import { openEngineering, type RunningServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

const secret = "PL-4711-secret";
const oneTry = { retry: { maxAttempts: 1 } };
const charge = job<{ card: string }, { receipt: string }>("charge", oneTry);
const ship = job<{ card: string }, string>("ship", oneTry);
const order = workflow("order", async (run, input: { card: string }) => {
  const { receipt } = await run.job(charge, input);
  run.compensate(charge, { card: receipt });
  const approval = await run.signal("approval", { schema: z.object({ by: z.string() }) });
  await run.job(ship, { card: approval.by });
  return receipt;
});

test("a viewer sees what happens, and no payload of it; support sees them", async () => {
  await using engineering = await openEngineering(["public/default"], {
    workflows: [order],
    jobs: {
      charge: async ({ card }: { card: string }) => ({ receipt: `receipt of ${card}` }),
      ship: async () => {
        throw new BusinessError("NoStock", "There is none left.", { card: secret });
      },
    },
  });
  const orders = client({ log: engineering.log, actor: "shop" });
  const env = (role: string) => ({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR_ROLE: role });
  await using viewing = await startServer(env("viewer"));
  await using supporting = await startServer(env("support"));
  const followed = follow(viewing.url, { follow: [{ runId: "o-1", afterSeq: 0 }] });
  const run = await orders.start(order, { card: secret }, { runId: "o-1" });
  await run.signal("approval", { by: secret });
  for (const { api } of [viewing, supporting])
    await until(async () => (await api.runs.list.query({})).runs.some(({ shown }) => shown === "failed"));

  const seen = await everything(viewing);
  expect(seen).toContain("o-1");
  expect(seen).toContain("Not shown to your role.");
  expect(seen).not.toContain(secret);
  await until(() => followed.changes.some(({ data }) => data.followed.length > 0));
  expect(JSON.stringify(followed.changes)).not.toContain(secret);
  followed.close();
  expect(await everything(supporting)).toContain(secret);
  await orders.close();
});

test("what a role may not do is refused with who may, and nothing is sent", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_ACTOR_ROLE: "support",
  });
  const { api } = server;
  const me = await api.me.get.query();
  expect(me.role).toBe("support");
  expect(me.permissions).toContainEqual({ permission: "steerJobs" });
  expect(me.permissions).toContainEqual({
    permission: "startRuns",
    refusal: "Only operators and admins may start a run.",
  });
  await expect(api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "no" })).rejects.toThrow(
    "Only operators and admins may start a run.",
  );
  await expect(api.runs.get.query({ runId: "no" })).rejects.toThrow(/no run/i);
});

async function everything({ api }: RunningServer): Promise<string> {
  const about = { runId: "o-1" };
  const answers = await Promise.all([
    api.runs.list.query({}),
    api.runs.get.query(about),
    api.runs.events.query(about),
    api.attention.list.query({}),
    api.jobs.list.query({}),
    api.overview.get.query({ from: 0, to: Date.now() + 1_000 }),
    api.quarantine.list.query({}),
    api.workflows.list.query(),
    api.catalogue.workflows.query(),
    api.workers.list.query(),
    api.me.get.query(),
  ]);
  return JSON.stringify(answers);
}
