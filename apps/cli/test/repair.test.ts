import { expect, test, vi } from "vitest";
import { forgeHistory } from "../../server/test/forge-history.ts";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 60_000 });

test("a damaged run is listed, said what would be done with it, and goes on at its last good event", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  const run = (runId: string) => server.api.runs.get.query({ runId });

  expect(await on("repair")).toEqual({ status: 0, out: "No run is set aside.\n", err: "" });
  await server.api.runs.start.mutate({ workflow: "trip", runId: "t-1", input: '{"approval":true}' });
  await until(async () => (await run("t-1").catch(() => undefined))?.shown === "waiting");
  const whole = await on("repair", "t-1", "--apply", "--reason", "to be sure");
  expect(whole).toEqual({ status: 4, out: "", err: "t-1 needs no repair. Its history is whole.\n" });

  const { seq } = await run("t-1");
  const impossible = { type: "JobCompleted", jobId: "j9", output: "1", attempt: 1 };
  await forgeHistory(engineering.log, { runId: "t-1", seq: seq + 1, events: [impossible] });
  await until(async () => (await run("t-1")).damaged !== undefined);
  const found = `event ${seq + 1}: JobCompleted speaks of job j9, which is not open`;
  expect((await on("repair")).out).toMatch(
    new RegExp(`^RUN +WORKFLOW +SINCE +GOOD TO EVENT +FOUND\nt-1 +trip +.* +${seq} +${found}\n$`),
  );
  expect(JSON.parse((await on("repair", "--json")).out)).toMatchObject({
    runs: [{ runId: "t-1", damaged: { found, isNewer: false } }],
  });
  expect((await on("runs", "show", "t-1")).out).toContain(`Set aside, for its history is damaged: ${found}.`);
  expect(await on("repair", "t-1")).toEqual({
    status: 0,
    out: [
      "t-1  trip",
      `Found: ${found}.`,
      `Good up to event ${seq}.`,
      `With --apply it goes on after event ${seq}; what its history says after that never happened.`,
      "With --close --apply it ends as it is: nothing is waited for, nothing is undone.",
      "Nothing was changed.",
      "",
    ].join("\n"),
    err: "",
  });
  expect(await on("runs", "signal", "t-1", "approval", "--payload", "true")).toMatchObject({
    status: 4,
    err: `Refused: The run is set aside, for its history is damaged: ${found}. It can be repaired or terminated.\n`,
  });

  const apply = ["repair", "t-1", "--apply", "--reason", "a bad record", "--action-id", "act-1"];
  expect(await on(...apply)).toEqual({ status: 0, out: `t-1 goes on after event ${seq}.\n`, err: "" });
  // The same action again is told the same.
  expect(await on(...apply)).toMatchObject({ status: 0 });
  await on("runs", "signal", "t-1", "approval", "--payload", "true");
  await until(async () => (await run("t-1")).status === "completed");
  expect((await run("t-1")).actions.map(({ verb, outcome }) => [verb, outcome.type])).toEqual([
    ["startRun", "accepted"],
    ["repairRun", "accepted"],
    ["sendSignal", "accepted"],
  ]);
});

test("a run without a beginning can only be closed, one that was over is over again", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  const run = (runId: string) => server.api.runs.get.query({ runId });

  await server.api.runs.start.mutate({ workflow: "trip", runId: "done", input: "{}" });
  await until(async () => (await run("done").catch(() => undefined))?.status === "completed");
  const { seq } = await run("done");
  const tooLate = { type: "JobCompleted", jobId: "j1", output: "1", attempt: 1 };
  await forgeHistory(engineering.log, { runId: "done", seq: seq + 1, events: [tooLate] });
  await until(async () => (await run("done")).damaged !== undefined);
  expect((await on("repair", "done")).out).toContain(
    "With --apply it is over again, as it was; what its history says after that never happened.",
  );
  expect(await on("repair", "done", "--apply", "--reason", "x")).toMatchObject({
    status: 0,
    out: "done is over.\n",
  });
  expect((await run("done")).shown).toBe("completed");

  await forgeHistory(engineering.log, { runId: "headless", seq: 4, events: [tooLate] });
  await until(async () => (await run("headless").catch(() => undefined))?.damaged !== undefined);
  expect((await on("repair", "headless")).out).toContain(
    "Found: its beginning is not in the log: the first event there is number 4.\nNone of its events is good: it can't go on.\nWith --close --apply it ends",
  );
  expect(await on("repair", "headless", "--apply", "--reason", "x")).toMatchObject({
    status: 4,
    err: expect.stringContaining("It can only be closed."),
  });
  expect(await on("repair", "headless", "--close", "--apply", "--reason", "x")).toMatchObject({
    status: 0,
    out: "headless is over.\n",
  });
  expect((await run("headless")).shown).toBe("terminated");
});

test("what a newer version wrote is not for repair, and halves are refused", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  const run = (runId: string) => server.api.runs.get.query({ runId });
  const start = { type: "RunStarted", workflow: "trip", input: "{}" };
  await forgeHistory(engineering.log, {
    runId: "newer",
    seq: 1,
    events: [start, { type: "RunForked" }],
    format: 99,
  });
  await until(async () => (await run("newer").catch(() => undefined))?.damaged !== undefined);
  expect(await on("repair", "newer")).toEqual({
    status: 4,
    out: "",
    err: 'newer needs no repair. Newer than this server, which shows it as it was before: event 2 is "RunForked", which this version doesn\'t know.\n',
  });
  expect(await on("repair", "nobody")).toMatchObject({ status: 3, err: "There is no run nobody.\n" });
  for (const [args, sentence] of [
    [["--apply", "--reason", "x"], "--close and --apply need the id of a run"],
    [["newer", "--apply"], "--apply needs --reason"],
    [["newer", "--reason", "x"], "--reason and --action-id are for --apply"],
  ] as const)
    expect(await on("repair", ...args)).toMatchObject({
      status: 2,
      err: expect.stringContaining(sentence),
    });
});
