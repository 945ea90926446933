import { expect, test, vi } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 180_000 });

test("stuck jobs are retried in bulk from the command line: counted first, then followed to their outcomes", async () => {
  await using engineering = await openEngineering(["public/default"], { asksWorkers: true });
  engineering.hotelIsUp = false;
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  const json = async (...args: string[]) => JSON.parse((await on(...args, "--json")).out);
  for (let number = 0; number < 8; number++)
    await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: `t-${number}` });
  await until(async () => (await server.api.attention.list.query({ limit: 1 })).total === 8);

  const jobs = ["bulk", "start", "retry-jobs", "--type", "bookHotel", "--reason", "the hotel is back"];
  expect(await on(...jobs, "--dry-run")).toEqual({ status: 0, out: "Exactly 8.\n", err: "" });
  expect(await on("bulk", "start", "retry-jobs", "--reason", "x")).toMatchObject({
    status: 2,
    err: "Say which jobs: --cause, --type or --workflow.\n",
  });
  expect(await on(...jobs, "--cause", "c-1", "--dry-run")).toMatchObject({
    status: 2,
    err: "--cause means all of the cause: it can't be narrowed by --type or --workflow.\n",
  });
  const ending = ["bulk", "start", "terminate-runs", "--workflow", "trip", "--reason", "x", "--dry-run"];
  expect(await on(...ending, "--type", "bookHotel")).toMatchObject({
    status: 2,
    err: "--type is of jobs: runs are chosen by --cause or --workflow.\n",
  });
  expect((await on("bulk", "start", "dance", "--reason", "x")).err).toMatch(/^There is no dance: say one of/);

  engineering.hotelIsUp = true;
  const asked = [...jobs, "--canary", "2", "--action-id", "after-the-outage"];
  const { runId: bulkId } = await json(...asked);
  await until(async () => (await json("bulk", "show", bulkId)).state === "done");
  const shown = await on("bulk", "show", bulkId);
  expect(shown.out).toMatch(
    /^retryJob: done, sent 8 of 8\. 8 recovered\n“the hotel is back” \(ada\)\n\nNO\. /,
  );
  expect((await on("bulk", "list")).out).toMatch(
    new RegExp(`\n${bulkId} +retryJob +done +8 of 8 .* ada +8 recovered\n$`),
  );
  expect(await on("bulk", "pause", bulkId)).toMatchObject({
    status: 4,
    err: expect.stringContaining("Refused: The run is over"),
  });
  expect(await on(...jobs)).toMatchObject({ status: 4, err: "Nothing is left to act on.\n" });
  expect((await json(...asked)).runId).toBe(bulkId);
});

test("one that is held says why when it is resumed, and goes on only with --anyway", async () => {
  await using engineering = await openEngineering(["public/default"], { asksWorkers: true });
  engineering.hotelIsUp = false;
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  for (let number = 0; number < 4; number++)
    await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: `t-${number}` });
  await until(async () => (await server.api.attention.list.query({ limit: 1 })).total === 4);
  const { runId: bulkId } = await server.api.bulk.start.mutate({
    order: {
      verb: "retryJob",
      selection: { type: "stuckJobs", jobType: "bookHotel" },
      reason: "is it back?",
      canary: { size: 2, mostFailed: 0 },
    },
  });
  const state = async () => (await server.api.bulk.get.query({ bulkId })).state;
  await until(async () => (await state()) === "held");
  expect(await on("bulk", "resume", bulkId)).toMatchObject({
    status: 4,
    err: `Refused: ${bulkId} is held: 2 of 2 outcomes are failures; at most 0 % were allowed. To continue anyway, resume it with “anyway” (on the command line: --anyway).\n`,
  });
  expect(await state()).toBe("held");
  engineering.hotelIsUp = true;
  expect(await on("bulk", "resume", bulkId, "--anyway")).toMatchObject({
    status: 0,
    out: `${bulkId} goes on.\n`,
  });
  await until(async () => (await state()) === "done");
});
