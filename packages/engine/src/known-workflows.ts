import { FollowedTopic, type FollowedTopicOptions, type MessageLog } from "@downbeat/message-log";
import { Catalogue, type JsonSchema, type KnownWorkflow, topics } from "@downbeat/protocol";
import { type Clock, logClockOf } from "./clock.ts";
import type { HandedOver } from "./handed-over.ts";
import { SharedPass } from "./shared-pass.ts";

/** What workers have announced of the workflows that they host, as a decider asks for it. */
export interface KnownWorkflows {
  knows(workflow: string): boolean;
  /** The known one that was probably meant. */
  nearest(workflow: string): string | undefined;
  /** Whether a worker is there that hosts it; `undefined` as long as what was announced isn't read yet. */
  isHosted(workflow: string): boolean | undefined;
  /** By one of which it must fit, the newest last; `undefined` where it may be anything. */
  schemasFor(handed: HandedOver): readonly JsonSchema[] | undefined;
  /** Builds of the workers that are there and host it, those that began last first; `undefined` as for {@link isHosted}. */
  buildsOf(workflow: string): readonly string[] | undefined;
  /** Whether a worker is there of which that is announced and not read yet. */
  lacksSchemasFor(handed: HandedOver): boolean;
  /** Resolves when what is announced by now is read; or after a second, two where somebody else waits already. */
  caughtUp(): Promise<void>;
}

const catchUpMs = 1_000;

/** Reads the announcements as long as it is open. */
export class AnnouncedWorkflows implements KnownWorkflows {
  /** All that was there when it was opened has been read. Never rejects. */
  readonly ready: Promise<void>;
  readonly #catalogue = new Catalogue();
  readonly #clock: Clock;
  readonly #workers: FollowedTopic;
  readonly #workflows: FollowedTopic;
  /** A burst of what does not fit asks the log for its end twice, not once for each. */
  readonly #catchingUp = new SharedPass(() => this.#catchUp());
  #isReady = false;

  constructor(log: MessageLog, clock: Clock) {
    this.#clock = clock;
    const now = () => clock.monotonic();
    const workers = this.#follow(log, topics.workers, (message) =>
      this.#catalogue.takeWorker(message, now()),
    );
    const workflows = this.#follow(log, topics.workflows, (message) =>
      this.#catalogue.takeWorkflow(message, now()),
    );
    this.#workers = workers.followed;
    this.#workflows = workflows.followed;
    this.ready = Promise.all([workers.isRead, workflows.isRead]).then(() => {
      this.#isReady = true;
    });
  }

  knows(workflow: string): boolean {
    return this.#catalogue.knows(workflow);
  }

  nearest(workflow: string): string | undefined {
    return this.#catalogue.nearest(workflow);
  }

  isHosted(workflow: string): boolean | undefined {
    return this.#isReady ? this.#catalogue.isHosted(workflow, this.#clock.monotonic()) : undefined;
  }

  schemasFor(handed: HandedOver): readonly JsonSchema[] | undefined {
    if (!this.#isReady) return undefined;
    const now = this.#clock.monotonic();
    if (handed.type === "start" || handed.type === "signal") {
      const known = this.#catalogue.definitionsOfWorkflow(handed.workflow, now);
      return all(known?.map((one) => (handed.type === "start" ? one.input : ofSignal(one, handed.name))));
    }
    const part = handed.type === "jobInput" ? "input" : "output";
    return all(this.#catalogue.definitionsOfJobType(handed.jobType, now)?.map((one) => one[part]));
  }

  buildsOf(workflow: string): readonly string[] | undefined {
    return this.#isReady ? this.#catalogue.buildsOf(workflow, this.#clock.monotonic()) : undefined;
  }

  lacksSchemasFor(handed: HandedOver): boolean {
    const now = this.#clock.monotonic();
    if (handed.type === "start" || handed.type === "signal")
      return this.#catalogue.lacksDefinition("workflow", handed.workflow, now);
    return this.#catalogue.lacksDefinition("jobType", handed.jobType, now);
  }

  caughtUp(): Promise<void> {
    return this.#catchingUp.done();
  }

  async #catchUp(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.setTimer(catchUpMs, resolve);
      const settle = (): void => {
        cancel();
        resolve();
      };
      Promise.all([this.#workers.readUpToNow(), this.#workflows.readUpToNow()]).then(settle, settle);
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#workers.close(), this.#workflows.close()]);
  }

  #follow(
    log: MessageLog,
    topic: string,
    onMessage: FollowedTopicOptions["onMessage"],
  ): { readonly followed: FollowedTopic; readonly isRead: Promise<void> } {
    const { promise: isRead, resolve } = Promise.withResolvers<void>();
    const followed: FollowedTopic = new FollowedTopic(log, topic, {
      clock: logClockOf(this.#clock),
      onMessage,
      onStateChange: (state) => {
        // Where the log doesn't say its end, it is asked again with the next connection.
        if (state === "connected") followed.readUpToNow().then(resolve, () => {});
      },
    });
    return { followed, isRead };
  }
}

function ofSignal({ signals = {} }: KnownWorkflow, name: string): JsonSchema | undefined {
  return Object.hasOwn(signals, name) ? signals[name] : undefined;
}

/** Where one says nothing, it may be anything. */
function all(schemas: readonly (JsonSchema | undefined)[] | undefined): readonly JsonSchema[] | undefined {
  return schemas?.every((schema) => schema !== undefined) ? schemas : undefined;
}
