import { accept, emptyCursor } from "@downbeat/domain";
import type { ReceivedMessage } from "@downbeat/message-log";
import { parseHistoryRecord } from "@downbeat/protocol";
import type { BackfillPart, ProjectionFeed, ProjectionStatus } from "@downbeat/read-model";
import { ReadModel } from "@downbeat/read-model";
import type { Beginning, Cache } from "@downbeat/read-model/rules";
import { openCache, Projection } from "@downbeat/read-model/testing";
import { Backfill } from "../backfill/backfill.ts";
import { PrefixHistory } from "./prefix-history.ts";

/** A projection of one partition that begins in the midst, with who knows what was before. */
export class Midway {
  readonly cache: Cache;
  readonly projection: Projection;
  readonly readModel: ReadModel;
  readonly cold: PrefixHistory;
  readonly earlier: Backfill;
  readonly #messages: readonly ReceivedMessage[];

  /**
   * @param path of a file that does not exist yet
   * @param at where the projection begins, ms since the epoch
   * @param early so many records before that it begins to read
   * @param trouble why cold history does not answer at first
   */
  constructor(path: string, messages: readonly ReceivedMessage[], at: number, early = 0, trouble?: string) {
    this.#messages = messages;
    this.cold = new PrefixHistory([messages], at, `${path}-cold`);
    this.cold.trouble = trouble;
    this.cache = openCache(path, "test");
    this.projection = new Projection(this.cache);
    const logFrom = messages[0]?.publishTime ?? at;
    this.projection.beginAt({ at, logFrom }, [beginning(messages, at, early)]);
    this.readModel = new ReadModel(path, () => 1_000_000);
    this.earlier = new Backfill({
      source: this.cold,
      feed: feedOf(this.projection),
      readModel: this.readModel,
      onFailure: (error) => {
        throw error;
      },
    });
  }

  /** Takes those of the messages that it has not taken. */
  take(count = Number.POSITIVE_INFINITY): void {
    const position = this.projection.position(0);
    const next = this.#messages.findIndex((message) => message.position === position) + 1;
    for (const message of this.#messages.slice(next, next + count)) this.projection.take(0, message);
    this.projection.flush();
  }

  async close(): Promise<void> {
    await this.earlier.close();
    this.readModel.close();
    this.cache.close();
    this.cold.close();
  }
}

function beginning(messages: readonly ReceivedMessage[], at: number, early: number): Beginning {
  const before = messages.filter(({ publishTime }) => publishTime < at);
  let cursor = emptyCursor;
  const places = before.map(({ position, publishTime, payload }): Beginning => {
    const record = parseHistoryRecord(payload);
    cursor = (record === undefined ? undefined : accept(cursor, record)) ?? cursor;
    return { from: { after: position }, cursor, publishedAt: publishTime };
  });
  return places[places.length - 1 - early] ?? { from: "earliest", cursor: emptyCursor, publishedAt: 0 };
}

function feedOf(projection: Projection): ProjectionFeed {
  return {
    generation: "test",
    get change() {
      return projection.change;
    },
    freshness: () => ({ completeTo: 0, behind: 0, live: true }),
    status(): ProjectionStatus {
      const { earlier, leftOut } = projection;
      const still = { connected: true, caughtUp: true, partitions: 1, records: 0, events: 0, flushMs: 0 };
      return { ...still, leftOut, writeSide: [], ...(earlier !== undefined && { earlier }) };
    },
    onFlushed: () => () => {},
    onRebuilt: () => () => {},
    async backfill(part: BackfillPart) {
      projection.backfill(structuredClone(part));
      projection.flush();
    },
  };
}
