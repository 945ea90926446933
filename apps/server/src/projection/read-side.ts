import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isCorrupt, type ProjectionFeed, ReadModel, removeCache } from "@downbeat/history";
import type { Logger } from "pino";
import type { Env } from "../env.ts";
import { NotOpened, ThreadedFeed } from "./threaded-feed.ts";

export interface ReadSide {
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  /** Whether the error says that the cache file is damaged. It is deleted then; the process should end, and begin again. */
  removeIfDamaged(error: unknown): boolean;
  close(): Promise<void>;
}

/** @throws Error with one sentence that says what to do */
export async function openReadSide(
  env: Env,
  logger: Logger,
  onFailure: (error: Error) => void,
): Promise<ReadSide> {
  const { log, dataDir } = env;
  const directory = join(dataDir, "server");
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    const path = join(directory, "history.sqlite");
    const feed = await ThreadedFeed.open({
      log,
      path,
      onNotice: (sentence) => logger.warn(sentence),
      onFailure,
    });
    const readModel = new ReadModel(path);
    return {
      feed,
      readModel,
      removeIfDamaged(error) {
        if (!isCorrupt(error)) return false;
        removeCache(path);
        return true;
      },
      async close() {
        await feed.close();
        readModel.close();
      },
    };
  } catch (error) {
    throw new Error(sentence(dataDir, error), { cause: error });
  }
}

function sentence(dataDir: string, error: unknown): string {
  if (error instanceof NotOpened && error.reason === "inUse") {
    return `Another Downbeat server uses the data directory ${dataDir}: stop it, or choose another one with DOWNBEAT_DATA_DIR.`;
  }
  const why = error instanceof Error ? error.message : String(error);
  return `The data directory ${dataDir} can't be used (${why}): make it writable, or choose another one with DOWNBEAT_DATA_DIR.`;
}
