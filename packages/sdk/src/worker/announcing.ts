import { type Clock, type MessageLog, TopicProducers } from "@downbeat/message-log";
import {
  type AliveMessage,
  type DefinitionMessage,
  definitionKey,
  encodeDefinitionMessage,
  encodeWorkerMessage,
  mostAnnounced,
  topics,
} from "@downbeat/protocol";
import { definitionIdOf, jobTypeSchemas } from "../announced/definitions.ts";
import type { HostedWorkflow } from "../decisions/threads/hosted-workflow.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import type { JobSchemas } from "./handler.ts";

const everyMs = 10_000;
/** Nobody waits longer for a word that is of use for minutes. */
const goodbyeMs = 2_000;
/** A worker may have hundreds of job types; the log has others to hear. */
const definitionsAtOnce = 16;

interface AnnouncedJob extends JobSchemas {
  readonly jobType: string;
  readonly concurrency: number;
}

export interface AnnouncingOptions {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly worker: Pick<AliveMessage, "id" | "name" | "host" | "build" | "sdk">;
  readonly jobs: readonly AnnouncedJob[];
  readonly workflows: readonly HostedWorkflow[];
  /** Attempts of the job type that are in its handlers' hands; absent: nothing is said of it. */
  readonly inHand?: (jobType: string) => number;
  /** Told once, until it could be said again. */
  readonly onProblem: (problem: string, error: Error) => void;
}

/** Tells the catalogue what this worker does: its workflows and jobs once, itself as long as it lives, and that it stops. What fails of it harms nobody's work. */
export class Announcing {
  readonly #o: AnnouncingOptions;
  readonly #producers: TopicProducers;
  readonly #alive: AliveMessage;
  readonly #unsaid: Set<DefinitionMessage>;
  #cancel: () => void = () => {};
  #saying: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isTold = false;
  #isSaying = false;

  constructor(options: AnnouncingOptions) {
    this.#o = options;
    this.#producers = new TopicProducers(options.log);
    const { worker, clock } = options;
    const workflows = options.workflows
      .slice(0, mostAnnounced)
      .map((hosted) => workflowDefinition(hosted, worker.build));
    const jobs = options.jobs.slice(0, mostAnnounced).map((job) => ({
      ...jobDefinition(job, worker.build),
      concurrency: job.concurrency,
    }));
    this.#unsaid = new Set([...workflows, ...jobs.map(({ concurrency: _, ...definition }) => definition)]);
    this.#alive = {
      type: "alive",
      ...worker,
      jobs: jobs.map(({ jobType, concurrency, definition }) => ({ type: jobType, concurrency, definition })),
      workflows: workflows.map(({ workflow }) => workflow),
      definitions: Object.fromEntries(workflows.map(({ workflow, definition }) => [workflow, definition])),
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
    // While the log is away, one waits for it; more would come all at once, and say the same.
    if (this.#isSaying) return;
    this.#isSaying = true;
    this.#saying = this.#say().then(
      () => {
        this.#isSaying = false;
        this.#isTold = false;
      },
      (error: unknown) => {
        this.#isSaying = false;
        if (!this.#isTold && !this.#isStopped)
          this.#o.onProblem("The worker can't announce itself: it works, but is in no list.", asError(error));
        this.#isTold = true;
      },
    );
  }

  /** First what it does: who hears of the worker can find it. */
  async #say(): Promise<void> {
    const left = this.#unsaid.values();
    const lanes = await Promise.allSettled(
      Array.from({ length: definitionsAtOnce }, () => this.#define(left)),
    );
    const failed = lanes.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    const { id, jobs } = this.#alive;
    const { inHand } = this.#o;
    const now = jobs.map((job) => (inHand === undefined ? job : { ...job, inHand: inHand(job.type) }));
    const alive = { ...this.#alive, jobs: now };
    await this.#producers.send(topics.workers, { key: id, payload: encodeWorkerMessage(alive) });
  }

  /** @param left shared by all that say definitions at once */
  async #define(left: Iterator<DefinitionMessage>): Promise<void> {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const payload = encodeDefinitionMessage(next.value);
      await this.#producers.send(topics.workflows, { key: definitionKey(next.value), payload });
      this.#unsaid.delete(next.value);
    }
  }
}

function workflowDefinition({ name, schemas }: HostedWorkflow, build: string) {
  return { workflow: name, build, definition: definitionIdOf(name, schemas), ...schemas };
}

function jobDefinition({ jobType, ...given }: AnnouncedJob, build: string) {
  const schemas = jobTypeSchemas(given);
  return { jobType, build, definition: definitionIdOf(jobType, schemas), ...schemas };
}
