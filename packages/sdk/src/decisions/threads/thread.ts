import { parentPort, workerData } from "node:worker_threads";
import { collectDefinitions } from "../../definitions/definitions.ts";
import { failure, failureOf } from "../../failure.ts";
import { authorsPlace, authorsStack } from "../../thrown/own-stack.ts";
import { readThrown, thrownText } from "../../thrown/read-thrown.ts";
import { followCombinators } from "../follow-combinators.ts";
import { keyAtWork } from "../live-runs.ts";
import { setUpSurroundings } from "../surroundings/set-up.ts";
import { AtWork } from "./at-work.ts";
import { Decider } from "./decider.ts";
import { freezeIntrinsics } from "./freeze-intrinsics.ts";
import { hostedWorkflow } from "./hosted-workflow.ts";
import { loadCode } from "./load-code.ts";
import { lockGlobals } from "./lock-globals.ts";
import { placeText } from "./place-text.ts";
import { sharedClasses } from "./shared-classes.ts";
import { SharedMethods } from "./shared-methods.ts";
import { TaskRow } from "./task-row.ts";
import type { FromThread, ThreadData, ThreadTask } from "./thread-messages.ts";
import { accountOfThread } from "./thread-time.ts";

/** The thread in which workflow code runs, and nothing else. What it does wrong ends this thread at most. */

// Written by `decision-thread.ts`, of this same process.
const given = workerData as ThreadData;
const atWork = new AtWork(given.atWork);
// Taken before any code is there, which may not use it.
const post = parentPort?.postMessage.bind(parentPort);
const tell = (message: FromThread): void => post?.(message);
let isBlamed = false;

followCombinators();
setUpSurroundings();
const defined = collectDefinitions();

// Called from outside, in a thread that is held in the midst of its code.
Object.defineProperty(globalThis, Symbol.for("downbeat.runAtWork"), { value: keyAtWork });

process.on("uncaughtException", (error) => {
  const key = keyAtWork();
  if (key === undefined)
    return tell({
      type: "problem",
      problem: `An error in a file of workflow code that no run has caused, and nothing caught: ${thrownText(error)}`,
      error: readThrown(error),
    });
  const { message, stack, name } = failureOf("code", error);
  blame(
    key,
    "UncaughtError",
    `The code threw where nothing could catch it (in a timer or a callback)${atPlace(stack)}. ${name}: ${message}`,
    stack,
  );
  process.exit(1);
});
process.on("exit", (code) => {
  const key = keyAtWork();
  if (key === undefined) return;
  const { stack } = new Error("process.exit");
  const place = atPlace(stack);
  blame(
    key,
    "ProcessExit",
    `The code called process.exit(${code})${place}. Workflow code can't end the process.`,
    stack && authorsStack(stack),
  );
});

function atPlace(stack: string | undefined): string {
  const place = authorsPlace(stack, import.meta.url);
  return place === undefined ? "" : ` at ${placeText(place)}`;
}

function blame(key: string, name: string, message: string, stack?: string): void {
  if (isBlamed) return;
  isBlamed = true;
  tell({ type: "fault", key, failure: failure("code", name, message, stack) });
}

async function main(): Promise<void> {
  const { workflows, missing } = await loadCode(given.source, defined);
  lockGlobals();
  freezeIntrinsics(sharedClasses);
  const decider = new Decider(workflows, {
    maxCached: given.maxCachedRuns,
    onStray: (key, reason) => tell({ type: "stray", key, error: readThrown(reason) }),
    onLine: (line) => tell({ type: "line", line }),
    onStep: () => atWork.step(),
  });
  const tasks = new TaskRow({
    decider,
    atWork,
    shared: new SharedMethods(),
    spoilt: (key, name) => {
      if (key !== undefined)
        blame(
          key,
          "SharedMethodReplaced",
          `The code put something else in the place of ${name}, which all runs need. Workflow code can't change what the platform brings.`,
        );
      process.exit(1);
    },
    tell: (replies) => tell({ type: "replies", replies }),
    memoryMb: given.memoryMb,
    now: () => performance.now(),
    heapUsed: () => process.memoryUsage().heapUsed,
  });
  parentPort?.on("message", (more: readonly ThreadTask[]) => tasks.add(more));
  const account = accountOfThread();
  tell({
    type: "ready",
    missing,
    ...(account !== undefined && { account }),
    workflows: [...workflows.values()].map(hostedWorkflow),
  });
}

main().catch((error: unknown) => tell({ type: "failed", reason: thrownText(error) }));
