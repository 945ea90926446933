import { join } from "node:path";
import { CacheInUse, Follower, ReadModel } from "@downbeat/history";
import type { MessageLog } from "@downbeat/message-log";
import type { Logger } from "pino";
import type { Env } from "./env.ts";

export interface ReadSide {
  readonly feed: Follower;
  readonly readModel: ReadModel;
  close(): Promise<void>;
}

/** @throws Error with one sentence that says what to do */
export function openReadSide(
  env: Env,
  log: MessageLog,
  logger: Logger,
  onFailure: (error: Error) => void,
): ReadSide {
  const path = join(env.dataDir, "server", "history.sqlite");
  try {
    const feed = new Follower({
      log,
      path,
      source: `${env.logUrl} ${env.tenant}/${env.namespace}`,
      onNotice: (sentence) => logger.warn(sentence),
      onFailure,
    });
    const readModel = new ReadModel(path);
    return {
      feed,
      readModel,
      async close() {
        await feed.close();
        readModel.close();
      },
    };
  } catch (error) {
    throw new Error(sentence(env.dataDir, error), { cause: error });
  }
}

function sentence(dataDir: string, error: unknown): string {
  if (error instanceof CacheInUse) {
    return `Another Downbeat server uses the data directory ${dataDir}: stop it, or choose another one with DOWNBEAT_DATA_DIR.`;
  }
  const why = error instanceof Error ? error.message : String(error);
  return `The data directory ${dataDir} can't be used (${why}): make it writable, or choose another one with DOWNBEAT_DATA_DIR.`;
}
