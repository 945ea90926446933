import { AsyncLocalStorage } from "node:async_hooks";
import { clearTimeout as clearTimer, setTimeout as setTimer } from "node:timers";
import { nextTurn } from "@downbeat/message-log";
import { TestEnvironmentError } from "./test-environment-error.ts";

// Kept before a test runner can put timers of its own in their place.
const [setRealTimer, clearRealTimer] = [setTimer, clearTimer];

/** Something may be on its way by callbacks that nobody sees for so many turns of the event loop at most. */
const quietTurns = 3;

/** Something that time must wait for. */
export interface Task {
  readonly what: string;
  /** It waits for time itself. */
  pause(): void;
  goOn(): void;
  end(): void;
}

/** Whose asynchronous calls these are. */
export const currentTask = new AsyncLocalStorage<Task>();

/** Knows when everything in an environment has come to rest. */
export class Work {
  readonly #limitMs: number;
  readonly #atWork = new Set<Task>();
  #noted = 0;
  #onEnd: () => void = () => {};

  /** @param limitMs of real time that a task may take */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Something happens. */
  readonly note = (): void => {
    this.#noted += 1;
  };

  begin(what: string): Task {
    const task: Task = {
      what,
      pause: () => this.#leave(task),
      goOn: () => {
        this.note();
        this.#atWork.add(task);
      },
      end: () => this.#leave(task),
    };
    task.goOn();
    return task;
  }

  #leave(task: Task): void {
    this.note();
    this.#atWork.delete(task);
    this.#onEnd();
  }

  /**
   * Resolves when nothing happens any more.
   *
   * @throws TestEnvironmentError when a task takes too long
   */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; ) {
      const before = this.#noted;
      await new Promise<void>((resolve) => nextTurn(resolve));
      quiet = this.#noted === before ? quiet + 1 : 0;
      if (this.#atWork.size === 0) continue;
      await this.#ended();
      quiet = 0;
    }
  }

  /** Resolves when one of the tasks ends. */
  async #ended(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#onEnd = resolve;
    const timer = setRealTimer(() => {
      const names = Array.from(this.#atWork, ({ what }) => what).join(", ");
      const message =
        `${names}: at work for ${this.#limitMs} ms of real time, and time can't go on meanwhile. ` +
        "A handler that is to give no answer is `neverAnswers`; one that takes its time awaits env.sleep(); " +
        "for one that really takes longer, set handlerLimit of testEnvironment().";
      reject(new TestEnvironmentError("handlerHangs", message));
    }, this.#limitMs);
    try {
      await promise;
    } finally {
      clearRealTimer(timer);
      this.#onEnd = () => {};
    }
  }
}
