import type { DatabaseSync } from "node:sqlite";
import type { MessageLog, Position } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { readMeta } from "../cache.ts";
import type { Projection } from "../write/projection.ts";
import { type GonePartition, runsOf } from "./gone-partition.ts";
import { compared, type FirstMessage } from "./log-identity.ts";

/** What is in the cache now: it may be built again. */
interface Content {
  readonly db: DatabaseSync;
  readonly projection: Pick<Projection, "position" | "anchor" | "cursor" | "publishedAt">;
}

interface Checked {
  readonly first: FirstMessage | undefined;
  readonly gone?: GonePartition;
}

/** Compares the cache with the log that it is to be of. */
export class CacheCheck {
  readonly #log: MessageLog;
  readonly #content: () => Content;

  constructor(log: MessageLog, content: () => Content) {
    this.#log = log;
    this.#content = content;
  }

  /** Everything taken must be written. */
  async one(partition: number): Promise<Checked> {
    const { db, projection } = this.#content();
    const { first, mismatch, isCutOff } = await compared(this.#log, topics.history(partition), {
      first: firstFrom(readMeta(db).get(`first/${partition}`)),
      position: projection.position(partition),
      anchor: projection.anchor(partition),
      cursor: projection.cursor(partition),
    });
    if (mismatch === undefined && isCutOff !== true) return { first };
    const gone = {
      partition,
      upTo: projection.publishedAt(partition) ?? 0,
      runIds: runsOf(db, partition),
      position: first?.position,
      ...(mismatch !== undefined && { reason: mismatch }),
    };
    return { first, gone };
  }

  async all(partitions: number): Promise<readonly Checked[]> {
    const checked: Checked[] = [];
    for (let partition = 0; partition < partitions; partition++) checked.push(await this.one(partition));
    return checked;
  }

  /** With what each partition begins. */
  remember(firsts: readonly (FirstMessage | undefined)[]): void {
    const set = this.#content().db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    for (const [partition, first] of firsts.entries())
      if (first !== undefined) set.run(`first/${partition}`, `${first.position} ${first.digest}`);
  }
}

function firstFrom(value: string | undefined): Pick<FirstMessage, "position" | "digest"> | undefined {
  const [position, digest] = value?.split(" ") ?? [];
  return position === undefined || digest === undefined
    ? undefined
    : { position: position as Position, digest };
}
