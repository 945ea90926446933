import { type Clock, FollowedTopic, type MessageLog, systemClock } from "@downbeat/message-log";
import { Catalogue, type LivingWorker, topics } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import { isBuiltIn, isBuiltInJob } from "../bulk/built-in.ts";
import type { MaskRule } from "../masking/mask-rules.ts";
import { personalRules } from "../masking/personal.ts";
import type { KnownWorkflowList, WorkerView } from "../views.ts";

export interface AnnouncementsOptions {
  readonly log: MessageLog;
  readonly clock?: Clock;
  /** ms that only grow. Default `performance.now`. */
  readonly monotonic?: () => number;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/** Who is there and what is known, as workers announce it. Their topics are read from the first question on. */
export class Announcements {
  readonly #log: MessageLog;
  readonly #clock: Clock;
  readonly #monotonic: () => number;
  readonly #patienceMs: number;
  readonly #catalogue = new Catalogue();
  #followed: readonly FollowedTopic[] | undefined;
  #isRead = false;
  #isReading = false;
  #personal: readonly MaskRule[] | undefined;
  #definitionsSeen = 0;
  #definitionsTold = -1;
  #reaching: Promise<void> | undefined;
  #isAway = false;

  constructor({ log, clock, monotonic, patienceMs = 5_000 }: AnnouncementsOptions) {
    this.#log = log;
    this.#clock = clock ?? systemClock;
    this.#monotonic = monotonic ?? (() => performance.now());
    this.#patienceMs = patienceMs;
  }

  /** People's own. Rejects with `ApiError("unavailable")`. */
  async workers(): Promise<readonly WorkerView[]> {
    return (await this.everybody()).filter(isPeoples);
  }

  /** The servers, which host what is built in, among them. Rejects with `ApiError("unavailable")`. */
  async everybody(): Promise<readonly WorkerView[]> {
    await this.#reach();
    return this.#catalogue.workers(this.#monotonic()).map(shown);
  }

  /** How many workers are there, as far as it was read by now; `undefined` until the log has answered for the first time. */
  present(): number | undefined {
    if (!this.#isRead && !this.#isReading) {
      this.#isReading = true;
      this.#reach()
        .catch(() => {})
        .finally(() => {
          this.#isReading = false;
        });
    }
    return this.#isRead ? this.#catalogue.workers(this.#monotonic()).filter(isPeoples).length : undefined;
  }

  /** Rejects with `ApiError("unavailable")`. */
  async definitions(): Promise<KnownWorkflowList> {
    await this.#reach();
    const workers = this.#catalogue.workers(this.#monotonic());
    return {
      workflows: this.#catalogue.workflows
        .filter(({ workflow }) => !isBuiltIn(workflow))
        .map(({ definition: _, ...known }) => ({
          ...known,
          workers: workers.filter(({ workflows }) => workflows.includes(known.workflow)).length,
        })),
      jobTypes: this.#catalogue.jobTypes
        .filter(({ jobType }) => !isBuiltInJob(jobType))
        .map(({ definition: _, ...known }) => ({
          ...known,
          workers: workers.filter(({ jobs }) => jobs.some(({ type }) => type === known.jobType)).length,
        })),
    };
  }

  /** What authors declare as personal. */
  readonly personal = {
    /** Waits for it where it isn't known yet, but not again and again for a log that is away. */
    known: async (): Promise<void> => {
      if (this.#isRead) return;
      const isFirst = !this.#isAway;
      this.#reaching ??= this.#reach()
        .catch(() => {
          this.#isAway = true;
        })
        .finally(() => {
          this.#reaching = undefined;
        });
      if (isFirst) await this.#reaching;
    },
    /** The same list until something new is announced; `undefined` until the log has answered for the first time. */
    rules: (): readonly MaskRule[] | undefined => {
      if (!this.#isRead) {
        void this.personal.known();
        return undefined;
      }
      if (this.#definitionsTold !== this.#definitionsSeen || this.#personal === undefined) {
        this.#definitionsTold = this.#definitionsSeen;
        this.#personal = personalRules(this.#catalogue);
      }
      return this.#personal;
    },
  };

  async close(): Promise<void> {
    await Promise.all((this.#followed ?? []).map((topic) => topic.close()));
  }

  /** Resolves when all that the log holds by now has been read. */
  async #reach(): Promise<void> {
    this.#followed ??= [
      new FollowedTopic(this.#log, topics.workers, {
        onMessage: (message) => void this.#catalogue.takeWorker(message, this.#monotonic()),
      }),
      new FollowedTopic(this.#log, topics.workflows, {
        onMessage: (message) => {
          this.#definitionsSeen++;
          this.#catalogue.takeWorkflow(message, this.#monotonic());
        },
      }),
    ];
    const reached = Promise.all(this.#followed.map((topic) => topic.readUpToNow()));
    reached.catch(() => {});
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const refuse = () => reject(new Error("The log did not answer in time."));
      cancel = this.#clock.setTimer(refuse, this.#patienceMs);
    });
    try {
      await Promise.race([reached, late]);
      this.#isRead = true;
    } catch (cause) {
      throw new ApiError(
        "unavailable",
        "The log, which workers announce themselves on, can't be reached: try again in a moment.",
        { cause },
      );
    } finally {
      cancel();
    }
  }
}

function shown({ everyMs: _, definitions: __, jobs, ...worker }: LivingWorker): WorkerView {
  return {
    ...worker,
    jobs: jobs.map(({ type, concurrency, inHand }) => ({
      type,
      concurrency,
      ...(inHand !== undefined && { inHand }),
    })),
  };
}

/** A server is a worker of nobody's. */
function isPeoples({ workflows }: Pick<WorkerView, "workflows">): boolean {
  return workflows.length === 0 || !workflows.every(isBuiltIn);
}
