import { expect, test } from "vitest";
import { openEngineering, startServer } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

test("the audit is told by the command line, and had whole as a file; both are for admins", {
  timeout: 240_000,
}, async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await server.api.runs.start.mutate({ workflow: "trip", runId: "=1+1", input: "{}" });
  // Refused by the server that has read the log, or by the engine: it comes to the same.
  await server.api.runs.cancel.mutate({ runId: "nobody", reason: "no" }).catch(() => undefined);

  const told = await on("audit");
  expect(told.status).toBe(0);
  expect(told.out.split("\n").map((line) => line.split(/ {2,}/).slice(1, 5))).toEqual([
    ["WHO", "WHAT", "ON", "OUTCOME"],
    ["ada", "cancel a run", "nobody", "refused"],
    ["ada", "start a run", "trip =1+1", "done"],
    [],
  ]);
  const { entries } = JSON.parse((await on("audit", "--outcome", "refused", "--json")).out);
  expect(entries).toMatchObject([{ verb: "runs.cancel", outcome: { why: "There is no run nobody." } }]);

  const csv = (await on("audit", "--verb", "runs.start", "--format", "csv")).out.trimEnd().split("\r\n");
  expect(csv).toHaveLength(2);
  expect(csv[1]).toContain(",ada,ada,127.0.0.1,");
  const all = JSON.parse((await on("audit", "--all", "--json")).out);
  // The exports themselves are in it.
  expect(all.rows.map(({ verb }: { verb: string }) => verb)).toEqual([
    "lists.export",
    "lists.export",
    "runs.cancel",
    "runs.start",
  ]);

  await using other = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_ACTOR_ROLE: "operator",
  });
  const refusal = { out: "", err: expect.stringContaining("Only admins may read the audit.") };
  for (const more of [[], ["--format", "csv"]])
    expect(await downbeat(["audit", ...more, "--url", other.url])).toMatchObject(refusal);
});
