import {
  comparePositions,
  type MessageLog,
  type Position,
  type Reader,
  type ReceivedMessage,
  reconnectingReader,
} from "@downbeat/message-log";
import { Catalogue, topics } from "@downbeat/protocol";
import { type Clock, logClockOf } from "./clock.ts";

/** What workers have announced of the workflows that they host, as a decider asks for it. */
export interface KnownWorkflows {
  knows(workflow: string): boolean;
  /** The known one that was probably meant. */
  nearest(workflow: string): string | undefined;
  /** Whether a worker is there that hosts it; `undefined` as long as what was announced isn't read yet. */
  isHosted(workflow: string): boolean | undefined;
  /** Resolves when what is announced by now is read, or after a second. */
  caughtUp(): Promise<void>;
}

const catchUpMs = 1_000;

/** Reads the announcements as long as it is open. */
export class AnnouncedWorkflows implements KnownWorkflows {
  /** All that was there when it was opened has been read. Never rejects. */
  readonly ready: Promise<void>;
  readonly #catalogue = new Catalogue();
  readonly #clock: Clock;
  readonly #log: MessageLog;
  readonly #readers: readonly Reader[];
  /** How far `workflows` is read, and who waits for more. */
  #workflowsAt: Position | undefined;
  readonly #waiting = new Set<() => void>();
  #isReady = false;

  constructor(log: MessageLog, clock: Clock) {
    this.#clock = clock;
    this.#log = log;
    const workers = this.#follow(log, topics.workers, (message, at) =>
      this.#catalogue.takeWorker(message, at),
    );
    const workflows = this.#follow(log, topics.workflows, (message, at) => this.#tookWorkflow(message, at));
    this.#readers = [workers.reader, workflows.reader];
    this.ready = Promise.all([workers.read, workflows.read]).then(() => {
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

  async caughtUp(): Promise<void> {
    const end = await this.#log.lastPosition(topics.workflows).catch(() => undefined);
    if (end === undefined) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        cancel();
        this.#waiting.delete(check);
        resolve();
      };
      const check = (): void => {
        const at = this.#workflowsAt;
        if (at !== undefined && comparePositions(at, end) >= 0) settle();
      };
      const cancel = this.#clock.setTimer(catchUpMs, settle);
      this.#waiting.add(check);
      check();
    });
  }

  #tookWorkflow(message: ReceivedMessage, at: number): void {
    this.#catalogue.takeWorkflow(message, at);
    this.#workflowsAt = message.position;
    for (const check of [...this.#waiting]) check();
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  #follow(
    log: MessageLog,
    topic: string,
    take: (message: ReceivedMessage, at: number) => void,
  ): { readonly reader: Reader; readonly read: Promise<void> } {
    const read = Promise.withResolvers<void>();
    let end: Position | "unknown" | undefined = "unknown";
    let readTo: Position | undefined;
    const check = (): void => {
      if (end === "unknown") return;
      if (end === undefined || (readTo !== undefined && comparePositions(readTo, end) >= 0)) read.resolve();
    };
    const reader = reconnectingReader(log, topic, {
      from: "earliest",
      clock: logClockOf(this.#clock),
      onStateChange: (state) => {
        if (state !== "connected" || end !== "unknown") return;
        log.lastPosition(topic).then(
          (last) => {
            end = last;
            check();
          },
          // Asked again with the next connection.
          () => {},
        );
      },
      onMessage: (message) => {
        take(message, this.#clock.monotonic());
        readTo = message.position;
        check();
      },
    });
    return { reader, read: read.promise };
  }
}
