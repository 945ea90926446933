import { join } from "node:path";
import type { MessageLog } from "@downbeat/message-log";
import { Follower, ReadModel } from "@downbeat/read-model";

/** The read side of a server: opened again whenever it can't go on, as the server does it. */
export class ShownRuns {
  readonly #options: { readonly log: MessageLog; readonly path: string; readonly source: string };
  #follower: Follower;
  #closed = false;
  readonly failures: string[] = [];

  /** @param folder holds the cache: an empty one for a server that begins from nothing */
  constructor(log: MessageLog, folder: string) {
    this.#options = { log, path: join(folder, "history.sqlite"), source: "suite" };
    this.#follower = this.#open();
  }

  get isLive(): boolean {
    return this.#follower.freshness().live;
  }

  /** Of every run that is in its list: its status, `damaged` for one that is set aside. */
  get statuses(): ReadonlyMap<string, string> {
    return this.#read((model) => {
      const { runs } = model.listRuns({ filter: {}, limit: 1_000 });
      return new Map(
        runs.map(({ runId, status, damaged }) => [runId, damaged === undefined ? status : "damaged"]),
      );
    });
  }

  /** Topics to which nothing can be sent, with the reason that is shown. */
  get refusing(): ReadonlyMap<string, string> {
    const { refusing = [] } = this.#follower.freshness();
    return new Map(refusing.map(({ topic, reason }) => [topic, reason]));
  }

  /** What it says of history that can't be used. */
  get leftOut(): readonly string[] {
    return this.#read((model) => model.quarantine({ limit: 100 }).leftOut.map(({ reason }) => reason));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#follower.close();
  }

  #open(): Follower {
    return new Follower({
      ...this.#options,
      onFailure: (error) => {
        this.failures.push(error.message);
        if (!this.#closed) this.#follower = this.#open();
      },
    });
  }

  #read<T>(look: (model: ReadModel) => T): T {
    const model = new ReadModel(this.#options.path);
    try {
      return look(model);
    } finally {
      model.close();
    }
  }
}
