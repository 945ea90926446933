import { randomUUID } from "node:crypto";
import type { Failure } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer, Offer } from "@downbeat/protocol";
import { failure } from "../../failure.ts";
import type { OfferAnswer } from "./answers.ts";
import { CodeThread, type CodeThreadOptions, type Ready, type ThreadEnd } from "./code-thread.ts";
import { placeText } from "./place-text.ts";
import type { ThreadReply } from "./thread-messages.ts";

export type DecisionThreadOptions = Pick<
  CodeThreadOptions,
  "source" | "limits" | "maxCachedRuns" | "onStray" | "onLine" | "onProblem"
>;

/** What a `CodeThread` is asked for here. */
export type OpenThread = (
  options: CodeThreadOptions,
) => Pick<CodeThread, "send" | "busy" | "giveWay" | "close">;
type Thread = ReturnType<OpenThread>;

/** One question or offer, until it is answered. */
interface Asked {
  readonly key: string;
  readonly question: AskedQuestion;
  readonly offer?: Offer;
  readonly answered: (answer: DecisionAnswer) => void;
  readonly checked: (answer: OfferAnswer) => void;
  /** Where it is being answered. */
  thread?: Thread | undefined;
}

/** A run whose code ended a thread, and the question that was or will be answered by that. */
interface Fault {
  readonly failure: Failure;
  upTo: number | undefined;
}

/** Others of its thread wait for so long, so their latency in its company is hardly more. */
const firstSlowMs = 30;
/** Loading code takes processor time, of which the long step leaves little to those who have just gone to the spare thread. */
const nextSpareAfterMs = 1_000;
const longestSlowMs = 5_000;
const longestPauseMs = 5_000;
const mostFaults = 1_000;
const mostIds = 2 ** 31 - 1;

/**
 * A thread that runs workflow code, and the next one when it has to be ended.
 *
 * T1. Code that takes more than its limits, ends its thread or throws where nothing catches it gets its own run stuck. Whose code it was is known from what the
 *     thread was at, or from what follows a run through all that it awaits.
 * T2. What else was asked of the thread is asked of the next one where the history is whole; else the history is needed.
 * T3. A fault of a run that is not being asked about, as by a timer that it left behind, is the answer to its next question.
 * T4. A thread may have been full of other runs when one ran out of memory: that one has another try, in a fresh one.
 * T5. A step that takes long keeps its thread to itself: the rest of what was asked of it goes to a spare one, which has loaded the code already. Where such steps
 *     come to an end, longer ones are waited for.
 */
export class DecisionThread {
  /** Resolves when code is loaded; rejects with a sentence when none can be. */
  readonly ready: Promise<Ready>;
  readonly #o: DecisionThreadOptions;
  readonly #openThread: OpenThread;
  readonly #asked = new Map<number, Asked>();
  readonly #faults = new Map<string, Fault>();
  readonly #ranOutOfMemory = new Set<string>();
  /** Where each workflow is defined. */
  readonly #places = new Map<string, string>();
  #lastId = 0;
  #thread: Thread | undefined;
  #spare: Thread | undefined;
  #isSpareReady = false;
  #nextSpare: NodeJS.Timeout | undefined;
  /** Those that were left to a long step. */
  readonly #aside = new Set<Thread>();
  #slowMs = firstSlowMs;
  #pause: NodeJS.Timeout | undefined;
  /** Of the last threads, how many ended without a run that is to blame. */
  #unexplained = 0;
  #isReady = false;
  #isClosed = false;
  #onReady: (ready: Ready) => void = () => {};
  #onFailed: (reason: Error) => void = () => {};

  constructor(options: DecisionThreadOptions, open: OpenThread = (given) => new CodeThread(given)) {
    this.#o = options;
    this.#openThread = open;
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.#onFailed = reject;
    });
    this.ready.catch(() => {});
    this.#start();
  }

  answer(question: AskedQuestion, key: string): Promise<DecisionAnswer> {
    const fault = this.#faults.get(key);
    if (fault !== undefined && (fault.upTo ?? question.upTo) === question.upTo) {
      fault.upTo = question.upTo;
      return Promise.resolve(stuck(fault.failure));
    }
    this.#faults.delete(key);
    return new Promise((answered) => this.#ask({ key, question, answered, checked: nothing }));
  }

  check(question: AskedQuestion, offer: Offer, key: string): Promise<OfferAnswer> {
    return new Promise((checked) => this.#ask({ key, question, offer, answered: nothing, checked }));
  }

  forget(key: string): void {
    this.#faults.delete(key);
    this.#ranOutOfMemory.delete(key);
    this.#thread?.send({ type: "forget", key });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#pause);
    clearTimeout(this.#nextSpare);
    for (const asked of this.#asked.values()) needHistory(asked);
    this.#asked.clear();
    this.#onFailed(new Error("It was closed."));
    await Promise.all([this.#thread, this.#spare, ...this.#aside].map((thread) => thread?.close()));
  }

  #ask(asked: Asked): void {
    if (this.#isClosed) return needHistory(asked);
    const id = this.#lastId === mostIds ? 1 : this.#lastId + 1;
    this.#lastId = id;
    this.#asked.set(id, asked);
    this.#post(id, asked);
  }

  #post(id: number, asked: Asked): void {
    const { key, question, offer } = asked;
    asked.thread = this.#thread;
    this.#thread?.busy(true);
    this.#thread?.send(
      offer === undefined
        ? { type: "answer", id, key, question }
        : { type: "check", id, key, question, offer },
    );
  }

  #replied(thread: Thread, replies: readonly ThreadReply[]): void {
    for (const reply of replies) {
      const asked = this.#asked.get(reply.id);
      if (asked?.thread !== thread) continue;
      this.#asked.delete(reply.id);
      this.#ranOutOfMemory.delete(asked.key);
      if (reply.type === "answer") asked.answered(reply.answer);
      else asked.checked(reply.answer);
    }
    this.#unexplained = 0;
    if (this.#aside.delete(thread)) {
      this.#slowMs = Math.min(longestSlowMs, 2 * this.#slowMs);
      this.#leave(thread);
      this.#postLeft();
      void thread.close();
    } else if (!this.#hasWork(thread)) thread.busy(false);
  }

  #hasWork(thread: Thread): boolean {
    for (const asked of this.#asked.values()) if (asked.thread === thread) return true;
    return false;
  }

  // Threads

  #open(): Thread {
    const thread: Thread = this.#openThread({
      ...this.#o,
      slowMs: this.#slowMs,
      onReplies: (replies) => this.#replied(thread, replies),
      onReady: (ready) => this.#loaded(thread, ready),
      onSlow: (question) => this.#slowed(thread, question),
      onEnd: (end) => this.#ended(thread, end),
    });
    return thread;
  }

  #loaded(thread: Thread, ready: Ready): void {
    for (const { name, place } of ready.workflows) if (place !== undefined) this.#places.set(name, place);
    if (thread === this.#spare) {
      this.#isSpareReady = true;
      return thread.busy(false);
    }
    this.#isReady = true;
    if (!this.#hasWork(thread)) thread.busy(false);
    this.#spare ??= this.#open();
    this.#onReady(ready);
  }

  /** With the spare one, or a new one. */
  #start(): void {
    if (this.#spare !== undefined && this.#isSpareReady) {
      this.#thread = this.#spare;
      this.#isSpareReady = false;
      this.#spare = undefined;
      this.#openSpareLater();
    } else this.#thread = this.#open();
    this.#postLeft();
  }

  #openSpareLater(): void {
    clearTimeout(this.#nextSpare);
    this.#nextSpare = setTimeout(() => {
      if (!this.#isClosed) this.#spare ??= this.#open();
    }, nextSpareAfterMs);
    this.#nextSpare.unref();
  }

  #slowed(thread: Thread, question: number): void {
    if (thread !== this.#thread || !this.#isSpareReady) return;
    this.#aside.add(thread);
    thread.giveWay();
    this.#leave(thread, question);
    this.#start();
  }

  /** @param but the question that stays */
  #leave(thread: Thread, but?: number): void {
    for (const [id, asked] of this.#asked) {
      if (asked.thread !== thread || id === but) continue;
      asked.thread = undefined;
      if (asked.question.continues === undefined) continue;
      this.#asked.delete(id);
      needHistory(asked);
    }
  }

  #postLeft(): void {
    if (this.#thread === undefined) return;
    for (const [id, asked] of this.#asked) if (asked.thread === undefined) this.#post(id, asked);
  }

  #ended(thread: Thread, end: ThreadEnd): void {
    if (this.#isClosed) return;
    if (thread === this.#spare) {
      this.#spare = undefined;
      this.#isSpareReady = false;
      return;
    }
    if (!this.#isReady) {
      this.#isClosed = true;
      return this.#onFailed(new Error(end.because === "notLoaded" ? end.reason : "Its thread ended."));
    }
    const isExplained = this.#explain(end);
    this.#leave(thread);
    if (this.#aside.delete(thread)) return this.#postLeft();
    this.#thread = undefined;
    this.#unexplained = isExplained ? 0 : this.#unexplained + 1;
    if (isExplained) return this.#start();
    const pauseMs = Math.min(longestPauseMs, 50 * 2 ** this.#unexplained);
    this.#pause = setTimeout(() => this.#start(), pauseMs);
  }

  /** @returns whether it is known whose code it was */
  #explain(end: ThreadEnd): boolean {
    const current = this.#asked.get(end.question);
    switch (end.because) {
      case "fault":
        this.#blame(end.key, end.failure);
        return true;
      case "memory":
        if (current === undefined) break;
        this.#full(current);
        return true;
      case "time": {
        const key = end.key ?? current?.key;
        if (key === undefined) break;
        this.#blame(key, this.#neverEnds(end, current?.key === key ? current : undefined));
        return true;
      }
      case "unknown":
        if (current === undefined) break;
        this.#blame(
          current.key,
          failure(
            "code",
            "ThreadEnded",
            `The code ended the thread that it ran in. ${this.#definition(current)}`,
          ),
        );
        return true;
      case "notLoaded":
        this.#o.onProblem(`The workflow code could not be loaded again: ${end.reason}`);
        return false;
    }
    this.#o.onProblem(
      `A thread that runs workflow code had to be ended (${end.because === "unknown" ? end.reason : `too much ${end.because}`}), and it can't be told by which run. Another one takes its place.`,
    );
    return false;
  }

  #blame(key: string, because: Failure): void {
    const fault: Fault = { failure: because, upTo: undefined };
    this.#faults.set(key, fault);
    if (this.#faults.size > mostFaults) {
      for (const oldest of this.#faults.keys()) {
        this.#faults.delete(oldest);
        break;
      }
    }
    for (const [id, asked] of this.#asked) {
      if (asked.key !== key) continue;
      this.#asked.delete(id);
      // An offer is for the code to take or not; that it is broken is said by the next question's answer.
      if (asked.offer !== undefined) asked.checked({ type: "checked" });
      else {
        fault.upTo = asked.question.upTo;
        asked.answered(stuck(because));
      }
    }
  }

  #full(asked: Asked): void {
    if (!this.#ranOutOfMemory.has(asked.key)) return void this.#ranOutOfMemory.add(asked.key);
    this.#ranOutOfMemory.delete(asked.key);
    const { memoryMb } = this.#o.limits;
    this.#blame(
      asked.key,
      failure(
        "code",
        "OutOfMemory",
        `A step of the code took more memory than there is for it (${memoryMb} MB). ${this.#definition(asked)}`,
      ),
    );
  }

  #neverEnds({ place }: Extract<ThreadEnd, { because: "time" }>, asked: Asked | undefined): Failure {
    const seconds = this.#o.limits.stepMs / 1_000;
    const at = place === undefined ? "" : ` It was at ${placeText(place)}.`;
    return failure(
      "code",
      "CodeNeverEnds",
      `A step of the code took more than ${seconds} s: a loop that never ends, or a call that blocks?${at} ${asked === undefined ? "" : this.#definition(asked)}`.trim(),
    );
  }

  #definition({ question: { workflow } }: Asked): string {
    const place = this.#places.get(workflow);
    return place === undefined ? "" : `The workflow ${workflow} is defined at ${place}.`;
  }
}

function stuck(because: Failure): DecisionAnswer {
  return { type: "decided", answerId: randomUUID(), decisions: [{ type: "GetStuck", failure: because }] };
}

function needHistory({ answered, checked }: Asked): void {
  answered({ type: "needsHistory" });
  checked({ type: "needsHistory" });
}

function nothing(): void {}
