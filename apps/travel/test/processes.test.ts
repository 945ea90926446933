import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { openStack, until } from "./stack.ts";

// A handful of processes start at once, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 120_000 });

const main = join(import.meta.dirname, "../src/main.ts");
const calm = {
  TRAVEL_FAILURE_RATE: "0",
  TRAVEL_REJECTION_RATE: "0",
  TRAVEL_SLOWNESS_MS: "5",
  TRAVEL_OUTAGE_RATE: "0",
};

function start(url: string, ...command: string[]): { child: ChildProcess; output: () => string } {
  const { NODE_COMPILE_CACHE } = process.env;
  const env = { ...calm, NODE_COMPILE_CACHE, DOWNBEAT_LOG_URL: url };
  const child = spawn(process.execPath, [main, ...command], { env, stdio: ["ignore", "pipe", "pipe"] });
  // Its own children go with it.
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
  return { child, output: () => output };
}

async function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? child.signalCode;
}

test("all of it, each in a process of its own, books trips and stops when told to", async () => {
  await using stack = await openStack();
  const { child, output } = start(stack.url, "all", "--rate", "20", "--count", "10");
  const payments = () =>
    stack.runIds().filter((runId) => stack.eventsOf(runId).some((e) => e.type === "JobCompleted"));
  await until(() => payments().length === 10, "ten bookings on their way");
  await until(() => output().includes("hotel takes jobs"), "the slowest service to start");
  child.kill("SIGTERM");
  expect([await ended(child), output()]).toEqual([0, expect.stringContaining("traffic booked 10 trips")]);
  for (const name of ["payment", "flight", "hotel", "notification"])
    expect(output()).toContain(`${name} takes jobs`);
});

test("a child goes when its parent is gone, however it went", async () => {
  await using stack = await openStack();
  const { child, output } = start(stack.url, "all", "--no-traffic");
  await until(() => output().includes("flight takes jobs"), "a worker");
  const before = (await stack.log.topicStats("jobs-bookFlight")).subscriptions[0]?.consumers;
  expect(before).toHaveLength(1);
  child.kill("SIGKILL");
  await until(async () => {
    const { subscriptions } = await stack.log.topicStats("jobs-bookFlight");
    return subscriptions[0]?.consumers.length === 0;
  }, "the worker to be gone");
});

test("help is printed, and nonsense ends with a sentence", async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [main, "--help"]);
  expect(stdout).toContain("TRAVEL_OUTAGE_RATE");
  await expect(run(process.execPath, [main, "trains"])).rejects.toMatchObject({
    code: 1,
    stderr: 'There is no "trains"; --help lists what there is.\n',
  });
});
