import { expect, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

test("a goal is set, looked at, changed and deleted from the command line", {
  timeout: 240_000,
}, async () => {
  await using engineering = await openEngineering(["public/default"], { asksWorkers: true });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await until(async () => (await on("goals", "list")).status === 0);
  expect((await on("goals", "list")).out).toBe("There are no goals. downbeat goals save makes one.\n");

  const set = ["goals", "save", "Trips in time", "--percent"];
  expect(await on(...set, "100")).toMatchObject({
    status: 2,
    err: expect.stringContaining("has no budget"),
  });
  expect(await on(...set, "95", "--label", "JP")).toMatchObject({ status: 2 });
  expect((await on(...set, "95", "--within", "10s", "--days", "7", "--workflow", "trip")).out).toMatch(
    /^Saved as \S+, version 1\. 95 % of the runs of trip complete within 10 s, over 7 days\.\n$/,
  );
  expect((await on(...set, "99.9", "--workflow", "trip", "--label", "region=eu")).out).toMatch(
    /version 2\. 99\.9 % of the runs of trip with region=eu complete, over 28 days\.\n$/,
  );
  expect((await on("goals", "list")).out).toMatch(/Trips in time +unknown +– +0 +0 +0 of 0 /);
  expect(JSON.parse((await on("goals", "list", "--json")).out)).toMatchObject({
    goals: [
      {
        goal: { name: "Trips in time", workflow: "trip", labels: { region: "eu" }, percent: 99.9, days: 28 },
        figures: {
          good: 0,
          bad: 0,
          standing: "unknown",
          opens: { bad: { status: ["failed"], by: "ended" } },
        },
        savedBy: "ada",
        version: 2,
      },
    ],
  });
  expect(await on("goals", "delete", "another")).toMatchObject({ status: 3 });
  expect((await on("goals", "delete", "Trips in time")).out).toBe("Deleted.\n");
  expect((await on("goals", "list")).out).toMatch(/^There are no goals/);
});
