import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// In a process of their own: the test runner listens for unhandled rejections too.
async function run(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const source = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const prelude = `
    import { inProcessDecisions } from ${source("../index.ts")};
    import { job, workflow, BusinessError } from ${source("../../index.ts")};
    import { DrivenRun } from ${source("./driven-run.ts")};
    const strays = [];
    const onStray = (runId, reason) => strays.push(runId + ": " + reason?.message);
    const drive = (code) => new DrivenRun(code.name, inProcessDecisions([code], { onStray }).openSession());
    const later = () => new Promise((resolve) => setTimeout(resolve, 20));
  `;
  const args = ["--input-type=module", "--eval", prelude + script];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test("branches of workflow code that fail with nobody looking leave the process alone", async () => {
  const { code, stdout, stderr } = await run(`
    const code = workflow("careless", async (run) => {
      run.job(job("a"));
      (async () => { await run.job(job("b")); })();
      Promise.all([run.job(job("c")), run.job(job("d"))]);
      (async () => { await run.job(job("e")); throw new TypeError("a bug nobody awaits"); })();
      await run.job(job("f"));
    });
    const one = drive(code);
    await one.start();
    for (const id of ["j1", "j2", "j3", "j4"]) await one.reject(id);
    await one.complete("j5");
    await later();
    await one.complete("j6");
    console.log(JSON.stringify([one.last.type, strays.sort()]));
  `);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    "RunCompleted",
    ["run-1: Refused it is.", "run-1: Refused it is.", "run-1: a bug nobody awaits"],
  ]);
});

test("a rejection that is not of workflow code ends the process as ever", async () => {
  const { code, stderr } = await run(`
    const one = drive(workflow("fine", async (run) => { await run.job(job("a")); }));
    await one.start();
    Promise.reject(new Error("not of a workflow"));
    await later();
    console.log("survived");
  `);
  expect(code).toBe(1);
  expect(stderr).toContain("not of a workflow");
});

test("what is thrown, returned or checked leaves nothing behind that ends the process", async () => {
  const { code, stdout, stderr } = await run(`
    import { z } from ${JSON.stringify(import.meta.resolve("zod"))};
    const late = async () => { throw new Error("late"); };
    const getter = () => Object.defineProperty(new Error("m"), "message", { get: late });
    const gone = () => { const { proxy, revoke } = Proxy.revocable(new Error("gone"), {}); revoke(); return proxy; };
    const schema = z.any().refine(late);
    const ends = [];
    const carryOut = async (code) => {
      const driven = drive(code);
      await driven.start();
      await later();
      ends.push(driven.last.type);
    };
    await carryOut(workflow("a", async () => { throw getter(); }));
    await carryOut(workflow("b", async () => ({ toJSON: late })));
    await carryOut(workflow("c", async (run) => { Promise.reject(gone()); await run.sleep(5); }));
    await carryOut(workflow("d", async () => { throw gone(); }));
    await carryOut(workflow("e", { output: schema }, async () => 1));
    const checked = inProcessDecisions([workflow("f", { input: schema }, async () => 1)]).checkStart("f", "1");
    await later();
    console.log(JSON.stringify([ends, checked.code]));
  `);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    ["RunStuck", "RunStuck", "TimerSet", "RunStuck", "RunStuck"],
    "InvalidInput",
  ]);
});
