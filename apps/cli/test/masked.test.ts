import { encodeDefinitionMessage, topics } from "@downbeat/protocol";
import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test } from "vitest";
import { z } from "zod";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

const Rent = z.object({ plate: z.string().meta({ personal: true }) });
const rent = workflow("rentCar", async (run, { plate }: z.infer<typeof Rent>) => {
  run.setLabels({ car: plate });
  return plate;
});

test("the command line shows what is masked for a reason, to who may", { timeout: 240_000 }, async () => {
  await using engineering = await openEngineering(["public/default"], { workflows: [rent] });
  const announcing = await engineering.log.openProducer(topics.workflows);
  const input = z.toJSONSchema(Rent);
  await announcing.send({ payload: encodeDefinitionMessage({ workflow: "rentCar", build: "1", input }) });
  const shop = client({ log: engineering.log, actor: "shop" });
  const env = { DOWNBEAT_LOG_URL: engineering.url };
  await using server = await startServer({ ...env, DOWNBEAT_ACTOR_ROLE: "operator" });
  await using supporting = await startServer({ ...env, DOWNBEAT_ACTOR_ROLE: "support" });
  await shop.start(rent, { plate: "B-AD 1815" }, { runId: "rent-1" });
  const show = (url: string, ...more: string[]) =>
    downbeat(["runs", "show", "rent-1", "--url", url, ...more]);
  for (const { url } of [server, supporting])
    await until(async () => (await show(url)).out.includes("completed"));

  const masked = await show(server.url);
  expect(masked.out).toContain('{"plate":"•••"}');
  expect(masked.out).toContain("What is personal is masked (•••).");
  const refused = await show(supporting.url, "--reveal", "He called.");
  expect(refused).toMatchObject({ out: "" });
  expect(refused.err).toContain("Only operators and admins may reveal masked values, with a reason.");
  expect((await show(supporting.url, "--json")).out).not.toContain("1815");
  expect((await show(server.url, "--reveal", " ")).err).toContain("reason");
  expect((await show(server.url)).out).not.toContain("1815");

  const revealed = await show(server.url, "--reveal", "He called.");
  expect(revealed.out).toContain('{"plate":"B-AD 1815"}');
  expect(revealed.out).toMatch(/What is personal is shown to you for (10|9) min/);
  expect((await show(server.url, "--reveal", "He called.", "--events", "--json")).out).toContain("B-AD 1815");
  await shop.close();
});
