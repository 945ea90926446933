import { type Clock, type MessageLog, TopicProducers } from "@downbeat/message-log";
import {
  type AliveMessage,
  encodeWorkerMessage,
  encodeWorkflowMessage,
  mostAnnounced,
  topics,
} from "@downbeat/protocol";
import type { HostedWorkflow } from "../decisions/threads/hosted-workflow.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";

const everyMs = 10_000;
/** Nobody waits longer for a word that is of use for minutes. */
const goodbyeMs = 2_000;

export interface AnnouncingOptions {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly worker: Omit<AliveMessage, "type" | "everyMs" | "startedAt" | "workflows">;
  readonly workflows: readonly HostedWorkflow[];
  /** Told once, until it could be said again. */
  readonly onProblem: (problem: string, error: Error) => void;
}

/** Tells the catalogue what this worker does: its workflows once, itself as long as it lives, and that it stops. What fails of it harms nobody's work. */
export class Announcing {
  readonly #o: AnnouncingOptions;
  readonly #producers: TopicProducers;
  readonly #alive: AliveMessage;
  #unsaid: readonly HostedWorkflow[];
  #cancel: () => void = () => {};
  #saying: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isTold = false;

  constructor(options: AnnouncingOptions) {
    this.#o = options;
    this.#producers = new TopicProducers(options.log);
    this.#unsaid = options.workflows;
    const { worker, workflows, clock } = options;
    this.#alive = {
      type: "alive",
      ...worker,
      jobs: worker.jobs.slice(0, mostAnnounced),
      workflows: workflows.map(({ name }) => name).slice(0, mostAnnounced),
      startedAt: Math.max(0, Math.floor(clock.now())),
      everyMs,
    };
    this.#beat();
  }

  /** Settles when what it is about to say is said, or can't be. Never rejects. */
  get said(): Promise<void> {
    return this.#saying;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    const goodbye = this.#saying.then(() => {
      const { id } = this.#alive;
      return this.#producers.send(topics.workers, {
        key: id,
        payload: encodeWorkerMessage({ type: "stopped", id }),
      });
    });
    await within(this.#o.clock, goodbyeMs, goodbye);
    void this.#producers.close();
  }

  #beat(): void {
    if (this.#isStopped) return;
    this.#cancel = this.#o.clock.setTimer(() => this.#beat(), everyMs);
    this.#saying = this.#say().then(
      () => {
        this.#isTold = false;
      },
      (error: unknown) => {
        if (!this.#isTold && !this.#isStopped)
          this.#o.onProblem("The worker can't announce itself: it works, but is in no list.", asError(error));
        this.#isTold = true;
      },
    );
  }

  async #say(): Promise<void> {
    const payload = encodeWorkerMessage(this.#alive);
    await this.#producers.send(topics.workers, { key: this.#alive.id, payload });
    for (const workflow of this.#unsaid) {
      await this.#producers.send(topics.workflows, {
        key: workflow.name,
        payload: this.#definition(workflow),
      });
      this.#unsaid = this.#unsaid.slice(1);
    }
  }

  #definition({ name, input, output }: HostedWorkflow): Uint8Array {
    return encodeWorkflowMessage({
      workflow: name,
      build: this.#alive.build,
      ...(input !== undefined && { input }),
      ...(output !== undefined && { output }),
    });
  }
}
