import { encodeDefinitionMessage, topics } from "@downbeat/protocol";
import { workflow } from "@downbeat/sdk";
import { expect, test } from "vitest";
import { z } from "zod";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

const Rent = z.looseObject({ days: z.number(), plate: z.string().meta({ personal: true }).optional() });
const rent = workflow("rentCar", async (_, { days }: z.infer<typeof Rent>) => days);

test("a run is started from the command line with an input that was saved", {
  timeout: 240_000,
}, async () => {
  await using engineering = await openEngineering(["public/default"], { workflows: [rent] });
  const announcing = await engineering.log.openProducer(topics.workflows);
  const schema = z.toJSONSchema(Rent);
  await announcing.send({
    payload: encodeDefinitionMessage({ workflow: "rentCar", build: "1", input: schema }),
  });
  const env = { DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" };
  await using server = await startServer({ ...env, DOWNBEAT_ACTOR_ROLE: "operator" });
  await using viewing = await startServer({ ...env, DOWNBEAT_ACTOR_ROLE: "viewer" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await until(async () => (await on("runs", "saved")).status === 0);
  expect((await on("runs", "saved", "rentCar")).out).toBe("There are no saved inputs of rentCar.\n");

  const save = async (asked: object) => {
    const answer = await fetch(`${server.url}/trpc/public/default/savedInputs.save`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ workflow: "rentCar", ...asked }),
    });
    expect([answer.status, await answer.text()]).toMatchObject([200, expect.any(String)]);
  };
  const input = '{"days":7,"price":1.10,"ref":3544790567247868102}';
  await save({ name: "A week", input: '{"days":6}', shared: true });
  await save({ name: "A week", input, shared: false });
  await save({ name: "With a plate", input: '{"days":1,"plate":"B-AD 1815"}', shared: true });

  expect((await on("runs", "saved")).out).toMatch(/With a plate +rentCar +everybody +\d+ +ada .* not kept /);
  expect(JSON.parse((await on("runs", "saved", "rentCar", "--json")).out)).toMatchObject({
    inputs: [{ name: "A week" }, { name: "A week" }, { name: "With a plate", hasMasked: true }],
  });
  const start = (name: string, ...more: string[]) =>
    on("runs", "start", "rentCar", "--saved", name, "--wait", "30", ...more);
  expect((await start("a WEEK", "--run-id", "rent-1")).out).toMatch(/^rent-1 completed after .* 7\n$/);
  const shown = await on("runs", "show", "rent-1", "--json");
  expect(JSON.parse(shown.out)).toMatchObject({ input });
  expect(await start("With a plate")).toMatchObject({ status: 2, err: expect.stringContaining("personal") });
  expect(await start("A year")).toMatchObject({ status: 3, err: expect.stringContaining("A year") });
  expect(await start("A week", "--input", "{}")).toMatchObject({ status: 2 });
  const refused = await downbeat(["runs", "saved", "--url", viewing.url]);
  expect(refused).toMatchObject({ out: "" });
  expect(refused.err).toContain("Only operators and admins may start a run.");
});
