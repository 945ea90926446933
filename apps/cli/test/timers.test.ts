import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

const nap = workflow("nap", async (run) => {
  await run.sleep("2 days");
  return (await run.signal<string>("go", { timeout: "1 day" })) ?? "none";
});

test("what is due is listed, postponed, fired and cancelled from the command line", {
  timeout: 240_000,
}, async () => {
  await using engineering = await openEngineering(["public/default"], { workflows: [nap] });
  const shop = client({ log: engineering.log, actor: "shop" });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat(["timers", ...args, "--url", server.url]);
  const why = ["--reason", "the bank is back"];
  await shop.start(nap, undefined, { runId: "nap-1" });
  await until(async () => (await on("list")).out.includes("nap-1"));
  expect((await on("list", "--within", "3d", "--kind", "sleep")).out).toMatch(
    /^DUE +AT +RUN +ID +KIND +OF\nin 48 h +\d{4}-\S+Z +nap-1 +t1 +sleep +nap\n$/,
  );
  expect((await on("list", "--within", "1h")).out).toBe("No matches.\n");
  expect(await on("list", "--from", "24h")).toMatchObject({
    status: 2,
    err: expect.stringContaining("Give a time such as 2026-11-02T09:00Z, or a day such as 2026-11-02."),
  });

  expect(await on("postpone", "nap-1", "t1", "--by", "3d", ...why)).toEqual({
    status: 0,
    out: "Postponed: t1 of nap-1.\n",
    err: "",
  });
  const [timer] = JSON.parse((await on("list", "--json")).out).timers;
  expect(timer.dueAt - timer.since).toBeGreaterThan(4 * 86_400_000);
  expect(await on("postpone", "nap-1", "t1", "--until", "2020-01-01", ...why)).toMatchObject({
    status: 4,
    err: expect.stringMatching(/^Refused: 20\S+ is not ahead: it is 20\S+\.\n$/),
  });
  expect(await on("postpone", "nap-1", "t1", ...why)).toMatchObject({
    status: 2,
    err: "Give either --by or --until.\n",
  });
  expect(await on("cancel", "nap-1", "t1", ...why)).toMatchObject({
    status: 4,
    err: expect.stringContaining("A sleep can't be cancelled: the run would never go on."),
  });
  expect((await on("fire", "nap-1", "t1", ...why)).out).toBe("Fired: t1 of nap-1.\n");
  expect(await on("fire", "nap-1", "t1", ...why)).toMatchObject({
    status: 4,
    err: expect.stringMatching(/^Refused: The timer is over: it was fired at 20\S+ by ada\.\n$/),
  });
  expect(await on("fire", "nap-1", "t9", ...why)).toMatchObject({ status: 3 });
  expect(await on("fire", "nap-1", "x1", ...why)).toMatchObject({ status: 2 });
  expect(await on("fire", "nap-1", "j1", "--deadline", ...why)).toMatchObject({ status: 3 });
  expect((await on("fire", "nap-1", "w1", ...why)).out).toBe("Fired: w1 of nap-1.\n");
  expect(await shop.run("nap-1").result()).toBe("none");
  await shop.close();
});
