import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { client } from "../src/client/index.ts";
import { job, workflow } from "../src/index.ts";
import { handle, worker } from "../src/worker/index.ts";
import { engineWithoutCode } from "./engine-without-code.ts";
import { openTestLog } from "./open-log.ts";

/** An engine that knows nobody's code, and workers that have it. */
async function opened() {
  const test = await openTestLog();
  const engine = await engineWithoutCode(test.connect, { partitions: 2 });
  const starter = client({ log: test.connect() });
  onTestFinished(async () => {
    await starter.close();
    await engine.stop();
    await test[Symbol.asyncDispose]();
  });
  const host = async (
    build: string,
    input: z.ZodType<{ cents: number }>,
    approval: z.ZodType<{ ok: boolean }> = inFlags,
  ) => {
    const approved = workflow("placeOrder", { input, signals: { approval } }, async (run, { cents }) => {
      await run.job(charge, { cents });
      return (await run.signal("approval")).ok;
    });
    const hosted = worker({
      log: test.connect(),
      build,
      workflows: [approved],
      isolation: "none",
      logger: false,
      jobs: [handle(charge, () => ({ receipt: "r-1" }))],
    });
    await hosted.ready;
    onTestFinished(() => hosted.stop());
    return hosted;
  };
  return { starter, host };
}

const charge = job("charge", {
  input: z.object({ cents: z.int() }),
  output: z.object({ receipt: z.string() }),
});
const inFlags = z.object({ ok: z.boolean() });
const inWords = z
  .object({ answer: z.enum(["yes", "no"]) })
  .transform(({ answer }) => ({ ok: answer === "yes" }));
const inCents = z.object({ cents: z.int().min(1) });
const inEuros = z
  .object({ euros: z.number() })
  .transform(({ euros }) => ({ cents: Math.round(euros * 100) }));

test("an input that no worker takes is a refused start and no stuck run, and a signal likewise", async () => {
  const { starter, host } = await opened();
  await host("1", inCents);
  await expect(starter.start("placeOrder", { cents: "5" }, { runId: "o-1" })).rejects.toMatchObject({
    name: "RunRefusedError",
    code: "InvalidInput",
    runId: "o-1",
    message:
      "The input does not fit placeOrder.\n✖ Invalid input: expected number, received string\n  → at cents",
  });
  // Nothing was begun: the id is free.
  const run = await starter.start("placeOrder", { cents: 5 }, { runId: "o-1" });
  await expect(run.signal("approval", { ok: "yes" })).rejects.toMatchObject({
    code: "InvalidInput",
    message:
      "The payload does not fit the signal approval.\n✖ Invalid input: expected boolean, received string\n  → at ok",
  });
  await run.signal("approval", { ok: true });
  expect(await run.result()).toBe(true);
});

test("while a new version is rolled out, each start is taken that one of the two versions takes", async () => {
  const { starter, host } = await opened();
  const old = await host("1", inCents);
  await expect(starter.start("placeOrder", { euros: 5 })).rejects.toMatchObject({ code: "InvalidInput" });
  await host("2", inEuros);
  // Some of these are put to the version first that does not take them.
  const runs = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      starter.start("placeOrder", index % 2 ? { euros: 5 } : { cents: 5 }),
    ),
  );
  await Promise.all(runs.map((run) => run.signal("approval", { ok: true })));
  expect(await Promise.all(runs.map((run) => run.result({ onStuck: "throw" })))).toEqual(
    runs.map(() => true),
  );
  await expect(starter.start("placeOrder", { pounds: 5 })).rejects.toMatchObject({
    message: expect.stringMatching(/→ at euros$/),
  });
  await old.stop();
  await expect(starter.start("placeOrder", { cents: 5 })).rejects.toMatchObject({ code: "InvalidInput" });
});

test("while a new version is rolled out, each signal comes to a version that takes it", async () => {
  const { starter, host } = await opened();
  await host("1", inCents);
  const runs = await Promise.all(Array.from({ length: 12 }, () => starter.start("placeOrder", { cents: 5 })));
  await host("2", inCents, inWords);
  // Until here all of them were decided by the first.
  await Promise.all(
    runs.map((run, index) => run.signal("approval", index % 2 ? { answer: "yes" } : { ok: true })),
  );
  expect(await Promise.all(runs.map((run) => run.result({ onStuck: "throw" })))).toEqual(
    runs.map(() => true),
  );
});

test("a signal that no version takes is passed over, and the run goes on with the next", async () => {
  const { starter, host } = await opened();
  // What the workflow does not declare is known once the code waits for it.
  const odd = z.object({ ok: z.boolean() }).refine(({ ok }) => ok, "only what is fine");
  await host("1", inCents, odd);
  await host("2", inCents, odd);
  const run = await starter.start("placeOrder", { cents: 5 });
  await run.signal("approval", { ok: false });
  await run.signal("approval", { ok: true });
  expect(await run.result({ onStuck: "throw" })).toBe(true);
});
