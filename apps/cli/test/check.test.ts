import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 180_000 });

const sdk = JSON.stringify(import.meta.resolve("@downbeat/sdk"));

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "downbeat-check-"));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(path, name), text);
    return join(path, name);
  };
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const started = { seq: 1, at: 1, event: { type: "RunStarted", workflow: "order", input: "null", rules: 2 } };
const charged = {
  seq: 2,
  at: 1,
  event: { type: "JobScheduled", jobId: "j1", jobType: "charge", input: "null" },
};
const stuck = {
  seq: 3,
  at: 1,
  event: { type: "RunStuck", failure: { kind: "code", name: "TypeError", message: "a bug" } },
};
test("runs that are pinned to a build are counted apart: no other code is asked of them", async () => {
  await using files = await folder();
  const answered = (build: string) => ({
    seq: 2,
    at: 1,
    event: { type: "CodeAnswered", upTo: 1, answerId: "a", build, versioning: "pinned" },
  });
  await files.write("a.json", JSON.stringify([started, answered("one"), { ...charged, seq: 3 }]));
  await files.write("b.json", JSON.stringify([started, charged]));
  await files.write("empty.json", "[]");
  const changed = await files.write("changed.mjs", code("bill"));
  const check = (...more: string[]) =>
    downbeat(["check", "--workflows", changed, "--histories", files.path, ...more]);
  const { out, err, status } = await check();
  expect([status, err]).toEqual([1, ""]);
  expect(out).toContain(
    "empty can't be checked: it is empty\n1 of 1 history would diverge.\nNot checked, since they are pinned to a build and asked of its workers alone: one (1).\nFailed: 1 history can't be checked.\n",
  );
  expect(JSON.parse((await check("--json")).out)).toMatchObject({ checked: 1, pinned: { one: 1 } });
});

test("a check that ends at once says what it has to, and nothing of threads", async () => {
  await using files = await folder();
  const same = await files.write("same.mjs", code("charge"));
  const { err } = await downbeat(["check", "--workflows", same, "--url", "http://127.0.0.1:1"]);
  expect(err).not.toContain("thread");
});

const code = (job: string) =>
  `import { job, workflow } from ${sdk};
   export const workflows = [workflow("order", async (run) => { await run.job(job("${job}")); })];`;

test("exported histories are checked against code that is not deployed", async () => {
  await using files = await folder();
  await files.write("a.json", JSON.stringify({ runId: "order-1", events: [started, charged] }));
  await files.write("b.json", JSON.stringify([started]));
  const other = { ...started, event: { ...started.event, workflow: "refund" } };
  await files.write("c.json", JSON.stringify([other]));
  const same = await files.write("same.mjs", code("charge"));
  const changed = await files.write("changed.mjs", code("bill"));
  const check = (module: string, ...more: string[]) =>
    downbeat(["check", "--workflows", module, "--histories", files.path, ...more]);

  expect(await check(same)).toEqual({
    status: 0,
    out: "0 of 2 histories would diverge.\nNot checked, since the module has no such workflow: refund (1).\n",
    err: "",
  });
  const diverging = await check(changed);
  expect([diverging.status, diverging.err]).toEqual([1, ""]);
  expect(diverging.out).toContain(
    "a (order), from event 2 on\n  history: JobScheduled charge (j1)\n  code:    asks for the job bill (j1)\n1 of 2 histories would diverge.",
  );
  expect(JSON.parse((await check(changed, "--json")).out)).toMatchObject({
    checked: 2,
    diverging: [{ runId: "a", workflow: "order", seq: 2 }],
    skipped: { refund: 1 },
  });

  await files.write("a.json", JSON.stringify([started, charged, stuck]));
  expect(await check(changed)).toMatchObject({
    status: 0,
    out: expect.stringContaining("1 more got stuck before, and this code would leave them so."),
  });
  await files.write("d.json", "no history");
  expect(await check(same)).toMatchObject({ status: 1, out: expect.stringContaining("d can't be checked") });
});

test("code that never ends, or ends its process, is said of its run, and the others are checked all the same", async () => {
  await using files = await folder();
  const of = (input: string) => ({ ...started, event: { ...started.event, input } });
  for (const what of ["loops", "exits", "throws", "works"])
    await files.write(`${what}.json`, JSON.stringify([of(JSON.stringify(what)), charged]));
  await files.write("exited.json", JSON.stringify([of(`"exits"`), charged, stuck]));
  const module = await files.write(
    "endless.mjs",
    `import { job, workflow } from ${sdk};
     export const order = workflow("order", async (run, what) => {
       if (what === "loops") for (;;);
       if (what === "exits") process.exit(0);
       if (what === "throws") throw new TypeError("x is undefined");
       await run.job(job("charge"));
     });`,
  );
  const { status, out } = await downbeat(["check", "--workflows", module, "--histories", files.path]);
  expect(status).toBe(1);
  expect(out).toMatch(
    /^loops can't be checked: CodeNeverEnds: A step of the code took more than 5 s: .* It was at \S+endless\.mjs:3/m,
  );
  expect(out).toMatch(/^exits can't be checked: ProcessExit: The code called process\.exit\(0\)/m);
  expect(out).toContain("throws (order), from event 2 on");
  expect(out).toContain("1 of 3 histories would diverge.");
  // No doing of this code: a pipeline would be red until somebody has mended the run.
  expect(out).toContain("1 more got stuck before, and this code would leave them so.");
  expect(out).toMatch(/\nFailed: 2 histories can't be checked\.\n$/);
});

test("what can't be checked is said, with the status of a wrong command line", async () => {
  await using files = await folder();
  const none = await files.write("none.mjs", "export const workflows = [];");
  const fine = await files.write("fine.mjs", code("charge"));
  for (const [args, problem] of [
    [["--workflows", join(files.path, "gone.mjs")], "there is no file"],
    [["--workflows", none], "exports no workflow"],
    [["--workflows", fine, "--histories", join(files.path, "gone")], "is no folder that can be read"],
    [["--workflows", fine, "--histories", files.path], "there is no .json file"],
  ] as const) {
    const { status, err } = await downbeat(["check", ...args]);
    expect([status, err]).toEqual([2, expect.stringContaining(problem)]);
  }
});

test("the open runs of a server are counted that would get stuck", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  await using files = await folder();
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  for (const id of ["t-1", "t-2", "t-3"])
    await on("runs", "start", "trip", "--input", '{"approval":true}', "--run-id", id);
  await until(
    async () => JSON.parse((await on("runs", "list", "--status", "waiting", "--json")).out).count === 3,
  );
  const hasty = await files.write(
    "hasty.mjs",
    `import { workflow } from ${sdk}; export const trip = workflow("trip", async () => "at once");`,
  );
  const all = await on("check", "--workflows", hasty);
  expect([all.status, all.out]).toEqual([1, expect.stringContaining("3 of 3 open runs would diverge.")]);
  const sample = await on("check", "--workflows", hasty, "--sample", "2");
  expect(sample.out).toContain("2 of 2 open runs would diverge.");
});
