import { type JobTypeMessage, parseDefinitionMessage, type WorkflowMessage } from "./definition-message.ts";
import { Definitions } from "./definitions.ts";
import { nearestName } from "./nearest-name.ts";
import { type AliveMessage, parseWorkerMessage } from "./worker-message.ts";

export interface LivingWorker extends Omit<AliveMessage, "type"> {
  /** By the log's time. */
  readonly heardAt: number;
}

export interface KnownWorkflow extends WorkflowMessage {
  /** By the log's time. */
  readonly announcedAt: number;
}

export interface KnownJobType extends JobTypeMessage {
  /** By the log's time. */
  readonly announcedAt: number;
}

interface Announcement {
  readonly payload: Uint8Array;
  readonly publishTime: number;
}

/**
 * A worker that was silent for so many of its beats is gone: after 25 s, so that the first question which nobody answered, put again after 30 s, is not put to
 * a build whose last worker was killed.
 */
const silentBeats = 2.5;
/** Workers that were silent for so long are not remembered: none that is slow comes back after it. */
const forgottenAfterMs = 3_600_000;

const bucketMs = 60_000;

/**
 * Who is there and what is known, folded from the announcements of workers. A workflow stays known when its workers have gone.
 *
 * Time is the log's, as it stands on its messages: what was published at `p` and comes at `at`, by a clock that only grows, says that it was `p` then at least.
 * Where nothing fresh has come yet, it is believed to be as late as the last message says, and a worker to be there that may have gone.
 */
export class Catalogue {
  readonly #time = { current: Number.NEGATIVE_INFINITY, previous: Number.NEGATIVE_INFINITY, since: 0 };
  readonly #workers = new Map<string, LivingWorker>();
  readonly #workflows = new Definitions<KnownWorkflow>();
  readonly #jobTypes = new Definitions<KnownJobType>();
  #forgotAt = 0;

  /** Of the topic `workers`. @returns whether it was one that can be read */
  takeWorker({ payload, publishTime }: Announcement, at: number): boolean {
    this.#observe(publishTime, at);
    const message = parseWorkerMessage(payload);
    if (message === undefined) return false;
    if (message.type === "stopped") this.#workers.delete(message.id);
    else {
      const { type: _, ...worker } = message;
      this.#workers.set(message.id, { ...worker, heardAt: publishTime });
    }
    this.#forget(at);
    return true;
  }

  /** Of the topic `workflows`. @returns whether it was one that can be read */
  takeWorkflow({ payload, publishTime }: Announcement, at: number): boolean {
    this.#observe(publishTime, at);
    const message = parseDefinitionMessage(payload);
    if (message === undefined) return false;
    const announcedAt = publishTime;
    if ("workflow" in message) this.#workflows.add(message.workflow, { ...message, announcedAt });
    else this.#jobTypes.add(message.jobType, { ...message, announcedAt });
    return true;
  }

  /** By name, then by what began first. @param at by the same clock */
  workers(at: number): readonly LivingWorker[] {
    return this.#alive(at).sort(
      (a, b) => compare(a.name, b.name) || a.startedAt - b.startedAt || compare(a.id, b.id),
    );
  }

  /** By name. */
  get workflows(): readonly KnownWorkflow[] {
    return [...this.#workflows.newest()].sort((a, b) => compare(a.workflow, b.workflow));
  }

  /** All that are remembered, not the newest of a name alone. */
  everyDefinition(): {
    readonly workflows: readonly KnownWorkflow[];
    readonly jobTypes: readonly KnownJobType[];
  } {
    return { workflows: [...this.#workflows.all()], jobTypes: [...this.#jobTypes.all()] };
  }

  workflow(name: string): KnownWorkflow | undefined {
    return this.#workflows.newestOf(name);
  }

  /** By name. */
  get jobTypes(): readonly KnownJobType[] {
    return [...this.#jobTypes.newest()].sort((a, b) => compare(a.jobType, b.jobType));
  }

  jobType(name: string): KnownJobType | undefined {
    return this.#jobTypes.newestOf(name);
  }

  /**
   * By one of which a value must fit, the newest last: those of the workers that are there, or the last one when none is. `undefined` where a worker is there
   * that nothing is known of.
   *
   * @param at by the same clock
   */
  definitionsOfWorkflow(name: string, at: number): readonly KnownWorkflow[] | undefined {
    return this.#workflows.among(name, this.#definitionsHosted(name, at));
  }

  /** The same of a kind of jobs. */
  definitionsOfJobType(name: string, at: number): readonly KnownJobType[] | undefined {
    return this.#jobTypes.among(name, this.#definitionsDone(name, at));
  }

  /** Whether a worker is there whose definition has not come yet. @param at by the same clock */
  lacksDefinition(kind: "workflow" | "jobType", name: string, at: number): boolean {
    return kind === "workflow"
      ? this.#workflows.lacks(name, this.#definitionsHosted(name, at))
      : this.#jobTypes.lacks(name, this.#definitionsDone(name, at));
  }

  knows(workflow: string): boolean {
    return this.#workflows.has(workflow);
  }

  /** Whether a worker that hosts the workflow is there. @param at by the same clock */
  isHosted(workflow: string, at: number): boolean {
    const now = this.#now(at);
    for (const worker of this.#workers.values())
      if (worker.workflows.includes(workflow) && isAlive(worker, now)) return true;
    return false;
  }

  /** Builds of the workers that are there and host the workflow, those that began last first. @param at by the same clock */
  buildsOf(workflow: string, at: number): readonly string[] {
    const hosts = this.workers(at).filter(({ workflows }) => workflows.includes(workflow));
    return [...new Set(hosts.sort((a, b) => b.startedAt - a.startedAt).map(({ build }) => build))];
  }

  /** The known workflow that was probably meant. */
  nearest(name: string): string | undefined {
    return nearestName(name, [...this.#workflows.names()].sort());
  }

  #definitionsHosted(workflow: string, at: number): readonly (string | undefined)[] {
    return this.#alive(at)
      .filter(({ workflows }) => workflows.includes(workflow))
      .map(({ definitions }) => definitions?.[workflow]);
  }

  #definitionsDone(jobType: string, at: number): readonly (string | undefined)[] {
    return this.#alive(at)
      .flatMap(({ jobs }) => jobs.filter(({ type }) => type === jobType))
      .map(({ definition }) => definition);
  }

  #alive(at: number): LivingWorker[] {
    const now = this.#now(at);
    return [...this.#workers.values()].filter((worker) => isAlive(worker, now));
  }

  #now(at: number): number {
    return Math.max(this.#time.current, this.#time.previous) + at;
  }

  #observe(publishTime: number, at: number): void {
    const time = this.#time;
    if (at - time.since > bucketMs) {
      time.previous = time.current;
      time.current = Number.NEGATIVE_INFINITY;
      time.since = at;
    }
    time.current = Math.max(time.current, publishTime - at);
  }

  #forget(at: number): void {
    const now = this.#now(at);
    if (now - this.#forgotAt < forgottenAfterMs) return;
    this.#forgotAt = now;
    for (const [id, { heardAt }] of this.#workers)
      if (now - heardAt > forgottenAfterMs) this.#workers.delete(id);
  }
}

function isAlive({ heardAt, everyMs }: LivingWorker, now: number): boolean {
  return now - heardAt <= everyMs * silentBeats;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
