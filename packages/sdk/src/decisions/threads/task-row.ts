import type { AtWork } from "./at-work.ts";
import type { Decider } from "./decider.ts";
import type { SharedMethods } from "./shared-methods.ts";
import type { ThreadReply, ThreadTask } from "./thread-messages.ts";

const mostReplies = 64;
const longestMs = 4;
const relieveMs = 1_000;

export interface TaskRowParts {
  readonly decider: Pick<Decider, "answer" | "check" | "forget" | "forgetHalf">;
  readonly atWork: Pick<AtWork, "question">;
  readonly shared: Pick<SharedMethods, "touched">;
  /** Told which run has put something else in the place of what all share; `undefined`: of none that was being asked about. The thread is of no use any more. */
  readonly spoilt: (key: string | undefined, name: string) => void;
  /** Takes what was answered in one go. */
  readonly tell: (replies: readonly ThreadReply[]) => void;
  /** Runs are forgotten when half of it is in use. */
  readonly memoryMb: number;
  /** Ms since the thread began. */
  readonly now: () => number;
  /** In bytes. */
  readonly heapUsed: () => number;
}

/** What a thread is asked: one run after another, so that it is always known whose code holds the thread up. */
export class TaskRow {
  readonly #parts: TaskRowParts;
  readonly #tasks: ThreadTask[] = [];
  #isBusy = false;
  #relievedAt = 0;

  constructor(parts: TaskRowParts) {
    this.#parts = parts;
  }

  add(tasks: readonly ThreadTask[]): void {
    this.#tasks.push(...tasks);
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    const { decider, atWork, shared, spoilt, tell, now } = this.#parts;
    this.#isBusy = true;
    const before = shared.touched();
    if (before !== undefined) return spoilt(undefined, before);
    let replies: ThreadReply[] = [];
    let since = now();
    for (let next = 0; next < this.#tasks.length; next++) {
      const task = this.#tasks[next];
      if (task === undefined) continue;
      if (task.type === "forget") {
        decider.forget(task.key);
        continue;
      }
      const { id, key, question } = task;
      atWork.question = id;
      const reply: ThreadReply =
        task.type === "answer"
          ? { type: "answer", id, answer: await decider.answer(question, key) }
          : { type: "check", id, answer: await decider.check(question, task.offer, key) };
      const touched = shared.touched();
      if (touched !== undefined) {
        if (replies.length > 0) tell(replies);
        return spoilt(key, touched);
      }
      replies.push(reply);
      atWork.question = 0;
      if (replies.length < mostReplies && now() - since < longestMs) continue;
      tell(replies);
      replies = [];
      since = now();
    }
    this.#tasks.length = 0;
    if (replies.length > 0) tell(replies);
    this.#relieve();
    this.#isBusy = false;
  }

  /** Runs are forgotten before memory runs out: any of them can be replayed. */
  #relieve(): void {
    const { decider, memoryMb, now, heapUsed } = this.#parts;
    if (now() - this.#relievedAt < relieveMs) return;
    this.#relievedAt = now();
    if (heapUsed() > (memoryMb * 1_048_576) / 2) decider.forgetHalf();
  }
}
