import { accessSync, constants, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SqliteAnalytics } from "@downbeat/analytics";
import { formatNamespaceName, type KeepClosed, type LogAddress, RecordKeys } from "@downbeat/protocol";
import {
  isCorrupt,
  type ProjectionFeed,
  ReadModel,
  removeCache,
  signedUncheckedSentence,
} from "@downbeat/read-model";
import type { Logger } from "pino";
import { NotOpened, ThreadedFeed } from "./threaded-feed.ts";

export interface ReadSideOptions {
  readonly log: LogAddress;
  readonly dataDir: string;
  readonly hotWindowMs: number;
  readonly keepClosed?: KeepClosed | undefined;
  /** An empty cache begins with the hot window. */
  readonly beginsWithHotWindow: boolean;
  readonly logger: Logger;
  /** The projection can't go on: this read side has to be closed, and another one opened. */
  readonly onFailure: (error: Error) => void;
}

export interface ReadSide {
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  readonly analytics: SqliteAnalytics;
  /** Whether the error says that the cache file is damaged: then it has to be removed after closing. */
  isDamagedBy(error: unknown): boolean;
  close(): Promise<void>;
  /** Deletes the cache file. The next to open it reads the log from its beginning. */
  remove(): void;
}

/** @throws Error with one sentence that says what to do */
export async function openReadSide({
  log,
  dataDir,
  hotWindowMs,
  keepClosed,
  beginsWithHotWindow,
  logger,
  onFailure,
}: ReadSideOptions): Promise<ReadSide> {
  const directory = join(dataDir, "server", log.tenant, log.namespace);
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    const path = join(directory, cacheFile(directory, log));
    const feed = await ThreadedFeed.open({
      log,
      path,
      hotWindowMs,
      keepClosed,
      beginsWithHotWindow,
      onNotice: (sentence) => logger.warn(sentence),
      onFailure,
    });
    const readModel = await openedAfter(feed, () => new ReadModel(path));
    const analytics = new SqliteAnalytics({ path, freshness: () => feed.freshness() });
    feed.onRebuilt(() => analytics.reopen());
    sayOnce(feed, logger);
    return {
      feed,
      readModel,
      analytics,
      isDamagedBy: isCorrupt,
      async close() {
        await analytics.close();
        await feed.close();
        readModel.close();
      },
      remove: () => removeCache(path),
    };
  } catch (error) {
    throw new Error(sentence(dataDir, log, error), { cause: error });
  }
}

/** What was read before says it at once, and what is read from now on as soon as it does. */
function sayOnce(feed: ProjectionFeed, logger: Logger): void {
  const say = (): boolean => {
    if (feed.status().isSignedUnchecked !== true) return false;
    logger.warn(signedUncheckedSentence);
    return true;
  };
  if (say()) return;
  const end = feed.onFlushed(() => {
    if (say()) end();
  });
}

/** What was read by other keys, or by none, may hold what these don't believe, or lack what they do: it is not gone on with. */
function cacheFile(directory: string, { recordKeys }: LogAddress): string {
  if (recordKeys === undefined) return "history.sqlite";
  const name = `history.keys-${new RecordKeys(recordKeys).fingerprint}.sqlite`;
  for (const other of readdirSync(directory))
    if (other.startsWith("history.keys-") && !other.startsWith(name)) rmSync(join(directory, other));
  return name;
}

/** A feed that nobody closes would keep the cache from whoever opens it next. */
async function openedAfter<T>(feed: ThreadedFeed, open: () => T): Promise<T> {
  try {
    return open();
  } catch (error) {
    await feed.close();
    throw error;
  }
}

function sentence(dataDir: string, log: LogAddress, error: unknown): string {
  if (error instanceof NotOpened && error.reason === "inUse") {
    return `Another Downbeat server uses the data directory ${dataDir} for ${formatNamespaceName(log)}: stop it, or choose another one with DOWNBEAT_DATA_DIR.`;
  }
  const why = error instanceof Error ? error.message : String(error);
  return `The data directory ${dataDir} can't be used (${why}): make it writable, or choose another one with DOWNBEAT_DATA_DIR.`;
}
