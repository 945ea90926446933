import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Failure } from "@downbeat/domain";
import type { CodeLine } from "../../logging/code-log.ts";
import type { OnProblem } from "../../problem-listener.ts";
import { thrownText } from "../../thrown/read-thrown.ts";
import { AtWork } from "./at-work.ts";
import { lowerPriority } from "./lower-priority.ts";
import { type Limits, lookMs, StepWatch } from "./step-watch.ts";
import {
  type CodeSource,
  type FromThread,
  isFromThread,
  type ThreadData,
  type ThreadReply,
  type ThreadTask,
  type Told,
} from "./thread-messages.ts";
import { type Standing, whereItStands } from "./where-it-stands.ts";

export type Ready = Extract<FromThread, { type: "ready" }>;

/** Why a thread is no more. */
export type ThreadEnd = {
  /** What it was at; 0: at none of what it was asked. */
  readonly question: number;
} & (
  | ({ readonly because: "time" } & Standing)
  | { readonly because: "memory" }
  /** The code of a run ended it. */
  | { readonly because: "fault"; readonly key: string; readonly failure: Failure }
  /** Before its code was loaded. */
  | { readonly because: "notLoaded"; readonly reason: string }
  | { readonly because: "unknown"; readonly reason: string }
);

export interface CodeThreadOptions {
  readonly source: CodeSource;
  readonly limits: Limits;
  readonly maxCachedRuns: number;
  /** Processor time after which a step that goes on is told of. */
  readonly slowMs: number;
  readonly onReady: (ready: Ready) => void;
  readonly onReplies: (replies: readonly ThreadReply[]) => void;
  readonly onStray: (key: string, reason: Error) => void;
  readonly onLine: (line: CodeLine) => void;
  readonly onProblem: OnProblem;
  /** @param question that it is at */
  readonly onSlow: (question: number) => void;
  /** Once. */
  readonly onEnd: (end: ThreadEnd) => void;
}

/** V8's own limit lies so far above ours: it must not be met. */
const headroomMb = 2_048;
const loadMs = 60_000;
const endMs = 2_000;

/** Of all threads of the process: the debugger finds one by its name. */
let started = 0;

let areLoopsInterruptible = false;

/**
 * V8 leaves out of some optimized loops what lets a thread be interrupted (`for (;;) list.push({})` is one), and such a thread can't be ended. Without this one
 * optimization it doesn't; the decision page has what was tried.
 */
function makeLoopsInterruptible(): void {
  if (!areLoopsInterruptible) setFlagsFromString("--no-turboshaft-loop-unrolling");
  areLoopsInterruptible = true;
}

/** One thread that runs workflow code, from its start to its end. */
export class CodeThread {
  readonly #o: CodeThreadOptions;
  readonly #name = `workflows ${++started}`;
  readonly #worker: Worker;
  readonly #atWork = new AtWork();
  readonly #loading: NodeJS.Timeout;
  #watch: StepWatch | undefined;
  #looking: NodeJS.Timeout | undefined;
  #toSend: ThreadTask[] = [];
  #isBusy: boolean | undefined;
  #isEnding = false;
  #isOver = false;

  constructor(options: CodeThreadOptions) {
    makeLoopsInterruptible();
    this.#o = options;
    const { source, limits, maxCachedRuns } = options;
    const { memoryMb } = limits;
    const workerData: ThreadData = { source, atWork: this.#atWork.shared, maxCachedRuns, memoryMb };
    this.#worker = new Worker(new URL("./thread.ts", import.meta.url), {
      workerData,
      name: this.#name,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb + headroomMb },
    });
    let error: unknown;
    this.#worker.on("message", (told: unknown) => {
      if (isFromThread(told)) this.#hear(told);
      else {
        const reason = "Its code said something over the way that is the thread's own.";
        this.#end({ question: this.#atWork.question, because: "unknown", reason });
      }
    });
    this.#worker.on("error", (thrown) => {
      error = thrown;
    });
    this.#worker.on("exit", (code) => this.#exit(code, error));
    this.#loading = setTimeout(() => {
      this.#end({
        question: 0,
        because: "notLoaded",
        reason: `It was not loaded within ${loadMs / 1_000} s.`,
      });
    }, loadMs);
    this.#loading.unref();
  }

  /** What is said in one turn goes in one message. */
  send(task: ThreadTask): void {
    if (this.#toSend.push(task) > 1) return;
    queueMicrotask(() => {
      const tasks = this.#toSend;
      this.#toSend = [];
      if (!this.#isOver) this.#worker.postMessage(tasks);
    });
  }

  /** @param is something is asked of it that it has not answered */
  busy(is: boolean): void {
    if (this.#isOver || this.#isBusy === is) return;
    this.#isBusy = is;
    clearInterval(this.#looking);
    if (!is) return void this.#worker.unref();
    this.#worker.ref();
    this.#watch?.rest();
    this.#looking = setInterval(() => this.#look(), lookMs);
  }

  /** A long step leaves the processor to those who wait for theirs, until its thread ends. */
  giveWay(): void {
    const account = this.#watch?.account;
    if (account !== undefined) lowerPriority(account);
  }

  async close(): Promise<void> {
    this.#isEnding = true;
    this.#clear();
    await this.#worker.terminate();
  }

  #hear(told: FromThread): void {
    switch (told.type) {
      case "ready":
        clearTimeout(this.#loading);
        this.#watch = new StepWatch(this.#worker, this.#atWork, this.#o.limits, told.account);
        return this.#o.onReady(told);
      case "failed":
        return this.#end({ question: 0, because: "notLoaded", reason: told.reason });
      case "replies":
        return this.#o.onReplies(told.replies);
      case "stray":
        return this.#o.onStray(told.key, errorOf(told.error));
      case "line":
        return this.#o.onLine(told.line);
      case "problem":
        return this.#o.onProblem(told.problem, errorOf(told.error));
      case "fault":
        return this.#end({ question: this.#atWork.question, because: "fault", ...told });
    }
  }

  #look(): void {
    if (this.#isEnding || this.#watch === undefined) return;
    const excess = this.#watch.look();
    const { question, steps } = this.#atWork;
    if (excess === undefined) {
      // As long as it lasts: there may be no spare thread yet.
      if (question !== 0 && this.#watch.stepMs > this.#o.slowMs) this.#o.onSlow(question);
      return;
    }
    this.#isEnding = true;
    // Memory may be gone before a debugger has looked.
    if (excess === "memory") return this.#end({ question, because: "memory" });
    void whereItStands(this.#name, this.#watch.isAsleep).then((standing) => {
      // It may have gone on with another run in the last moment.
      const isThere = this.#atWork.steps === steps;
      this.#end({ question, because: "time", ...(isThere && standing) });
    });
  }

  #exit(code: number, error: unknown): void {
    const { question } = this.#atWork;
    if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
      return this.#end({ question, because: "memory" });
    const reason = error === undefined ? `It ended with ${code}.` : thrownText(error);
    const because = this.#watch === undefined ? "notLoaded" : "unknown";
    this.#end({ question, because, reason });
  }

  #end(end: ThreadEnd): void {
    if (this.#isOver) return;
    this.#isEnding = true;
    this.#clear();
    const late = setTimeout(() => {
      this.#worker.unref();
      this.#o.onProblem(
        "A thread that runs workflow code could not be ended: it is in a call that blocks. Another one has taken its place; it stays until this process ends.",
      );
    }, endMs);
    late.unref();
    void this.#worker.terminate().then(() => clearTimeout(late));
    this.#o.onEnd(end);
  }

  #clear(): void {
    this.#isOver = true;
    clearTimeout(this.#loading);
    clearInterval(this.#looking);
  }
}

function errorOf({ name, message, stack }: Told): Error {
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
