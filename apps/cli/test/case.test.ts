import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

const rent = workflow("rentCar", async (run) => run.signal<{ plate: string }>("keysReturned"));

test("a case is told from the command line, by its order number or its id, in either language and for either reader", {
  timeout: 240_000,
}, async () => {
  await using engineering = await openEngineering(["public/default"], { workflows: [rent] });
  const shop = client({ log: engineering.log, actor: "shop" });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat(["case", ...args, "--url", server.url, "--time-zone", "UTC"]);
  await shop.start(rent, undefined, { runId: "rent-1", labels: { order: "A-1" } });
  await shop.start(rent, undefined, { runId: "rent-2", labels: { order: "A-2" } });
  await shop.start(rent, undefined, { runId: "rent-3", labels: { order: "A-2" } });
  await shop.run("rent-1").signal("keysReturned", { plate: "B-AD 1815" });
  await shop.run("rent-1").result();
  await until(async () => (await on("rent-1", "--language", "en")).out.includes("Everything is done."));

  const told = await on("a-1", "--language", "en");
  expect(told).toMatchObject({ status: 0, err: "" });
  expect(told.out).toMatch(/^Rent car \(rent-1\)\norder: A-1\nCompleted .+, after .+\.\n\n/);
  expect(told.out).toContain("“Keys returned” came from shop. With it came plate: B-AD 1815.");
  const german = await on("A-1", "--language", "de", "--for", "customer");
  expect(german.out).toMatch(/„Keys returned“ ist eingegangen\.\n.*Alles ist erledigt\.\n$/);
  expect(german.out).not.toMatch(/shop|B-AD|rent-1/);
  const json = JSON.parse((await on("A-1", "--language", "de", "--json")).out);
  expect(json).toMatchObject({ runId: "rent-1", language: "de", audience: "colleague", shown: "completed" });

  const several = await on("A-2", "--language", "en");
  expect(several).toMatchObject({ status: 3, out: "" });
  expect(several.err).toMatch(
    /^Several cases are called A-2\. Give the id of one:\nRUN[\s\S]+rent-3[\s\S]+rent-2/,
  );
  expect(await on("A-", "--language", "en")).toMatchObject({
    status: 3,
    err: expect.stringContaining("No case is called A-; these begin so."),
  });
  expect(await on("nobody")).toMatchObject({ status: 3 });
  expect(await on("A-1", "--language", "fr")).toMatchObject({ status: 2 });
  expect(await on("A-1", "--for", "press")).toMatchObject({ status: 2 });
  await shop.close();
});
