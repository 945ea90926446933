import { once } from "node:events";
import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { lowerPriority } from "./lower-priority.ts";

const tellsItsAccount = `
  const { parentPort } = require("node:worker_threads");
  const { readlinkSync } = require("node:fs");
  parentPort.postMessage("/proc/" + readlinkSync("/proc/thread-self") + "/stat");
  parentPort.on("message", () => {});
`;

test.runIf(process.platform === "linux")(
  "one thread gives way, and the others of its process don't",
  async () => {
    const workers = [0, 1].map(() => new Worker(tellsItsAccount, { eval: true }));
    onTestFinished(() => Promise.all(workers.map((worker) => worker.terminate())).then(() => {}));
    const told = await Promise.all(workers.map((worker) => once(worker, "message")));
    const [one = "", other = ""] = told.map(([account]) => String(account));
    const usual = getPriority();
    lowerPriority(one);
    expect(getPriority(threadOf(one))).toBe(Math.min(19, usual + 5));
    expect([getPriority(threadOf(other)), getPriority()]).toEqual([usual, usual]);
  },
);

test.each(["", "/proc/1/stat", "/proc/self/task/x/stat", "/proc/self/task/4194305/stat"])(
  "an account that belongs to no thread, as %j, changes nothing",
  (account) => {
    const usual = getPriority();
    lowerPriority(account);
    expect(getPriority()).toBe(usual);
  },
);

const threadOf = (account: string) => Number(/\/task\/(\d+)\//.exec(account)?.[1]);
