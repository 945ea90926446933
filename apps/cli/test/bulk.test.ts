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
  expect((await on("bulk", "start", "dance", "--reason", "x")).err).toMatch(/^There is no dance: say one of/);

  engineering.hotelIsUp = true;
  const { runId: bulkId } = await json(...jobs, "--canary", "2");
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
});
