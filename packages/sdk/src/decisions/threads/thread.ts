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
import { hostedWorkflow } from "./hosted-workflow.ts";
import { loadCode } from "./load-code.ts";
import { lockGlobals } from "./lock-globals.ts";
import { placeText } from "./place-text.ts";
import type { FromThread, ThreadData, ThreadReply, ThreadTask } from "./thread-messages.ts";
import { accountOfThread } from "./thread-time.ts";

/** The thread in which workflow code runs, and nothing else. What it does wrong ends this thread at most. */

// Written by `decision-thread.ts`, of this same process.
const given = workerData as ThreadData;
const atWork = new AtWork(given.atWork);
const tell = (message: FromThread): void => parentPort?.postMessage(message);
const mostReplies = 64;
const longestMs = 4;
const tasks: ThreadTask[] = [];
let isBusy = false;
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
  const decider = new Decider(workflows, {
    maxCached: given.maxCachedRuns,
    onStray: (key, reason) => tell({ type: "stray", key, error: readThrown(reason) }),
    onLine: (line) => tell({ type: "line", line }),
    onStep: () => atWork.step(),
  });
  parentPort?.on("message", (more: readonly ThreadTask[]) => {
    tasks.push(...more);
    if (!isBusy) void work(decider);
  });
  const account = accountOfThread();
  tell({
    type: "ready",
    missing,
    ...(account !== undefined && { account }),
    workflows: [...workflows.values()].map(hostedWorkflow),
  });
}

/** One run after another, so that it is always known whose code holds the thread up. */
async function work(decider: Decider): Promise<void> {
  isBusy = true;
  let replies: ThreadReply[] = [];
  let since = performance.now();
  for (let next = 0; next < tasks.length; next++) {
    const task = tasks[next];
    if (task === undefined) continue;
    if (task.type === "forget") {
      decider.forget(task.key);
      continue;
    }
    const { id, key, question } = task;
    atWork.question = id;
    replies.push(
      task.type === "answer"
        ? { type: "answer", id, answer: await decider.answer(question, key) }
        : { type: "check", id, answer: await decider.check(question, task.offer, key) },
    );
    atWork.question = 0;
    if (replies.length < mostReplies && performance.now() - since < longestMs) continue;
    tell({ type: "replies", replies });
    replies = [];
    since = performance.now();
  }
  tasks.length = 0;
  if (replies.length > 0) tell({ type: "replies", replies });
  relieve(decider);
  isBusy = false;
}

const relieveMs = 1_000;
let relievedAt = 0;

/** Runs are forgotten before memory runs out: any of them can be replayed. */
function relieve(decider: Decider): void {
  const now = performance.now();
  if (now - relievedAt < relieveMs) return;
  relievedAt = now;
  if (process.memoryUsage().heapUsed > (given.memoryMb * 1_048_576) / 2) decider.forgetHalf();
}

main().catch((error: unknown) => tell({ type: "failed", reason: thrownText(error) }));
