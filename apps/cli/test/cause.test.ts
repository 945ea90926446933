import { expect, test, vi } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 180_000 });

test("a cause is looked into, muted with a note, and resolved from the command line, and every server knows", async () => {
  await using engineering = await openEngineering(["public/default"], { asksWorkers: true });
  engineering.hotelIsUp = false;
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  await using other = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "grace" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  for (let number = 0; number < 3; number++)
    await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: `t-${number}` });
  await until(async () => (await server.api.attention.list.query({ limit: 1 })).total === 3);
  const [group] = (await server.api.attention.list.query({ limit: 1 })).groups;
  const cause = group?.fingerprint ?? "";

  const shown = await on("cause", "show", cause);
  expect(shown.out).toMatch(/^bookHotel: .*\n3 items in 3 runs, first seen /);
  expect(shown.out).toMatch(/\nworkflow +trip.* 3\n/);
  expect(await on("cause", "show", "none")).toMatchObject({ status: 3 });
  expect(await on("cause", "mark", cause)).toMatchObject({
    status: 2,
    err: expect.stringContaining("Say something of it: --mute-until, --note"),
  });
  expect((await on("cause", "mark", cause, "--mute-until", "2020-01-01")).status).toBe(2);
  expect(await on("cause", "mark", cause, "--ticket", "javascript:alert(1)")).toMatchObject({
    err: expect.stringContaining("an address that begins with https:// or http://"),
  });

  const muted = await on("cause", "mark", cause, "--mute-until", "4h", "--note", "The hotel moves.");
  expect(muted.out).toMatch(/^muted until \d{4}-.*Z\n“The hotel moves\.”\nSaid by ada, /);
  expect((await on("attention")).out).toMatch(
    /^0 runs need a person: 0 causes\. Set aside: 1 cause\.\n(.|\n)* muted until /,
  );
  await until(async () => (await other.api.attention.list.query({ limit: 1 })).setAside.runs === 3);

  const about = { fingerprint: cause, version: 0, note: "I know nothing of that." };
  expect(await other.api.attention.mark.mutate(about)).toMatchObject({
    outcome: "conflict",
    mark: { by: "ada", version: 1 },
  });
  expect(await on("cause", "mark", cause, "--mute-until", "never", "--resolved", "--note", "")).toMatchObject(
    { status: 0, out: expect.stringMatching(/^resolved \d{4}-.*Z\nSaid by ada, /) },
  );
  const listed = () => other.api.attention.list.query({ limit: 1 });
  await until(async () => (await listed()).groups[0]?.standing === "resolved");
  const { groups, setAside } = await listed();
  expect(groups[0]?.mark).toMatchObject({ by: "ada", version: 2 });
  expect(groups[0]?.mark?.note).toBeUndefined();
  expect(setAside).toEqual({ causes: 1, total: 3, runs: 3 });
  await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "t-after" });
  await until(async () => (await listed()).groups[0]?.standing === "cameBack");
});
