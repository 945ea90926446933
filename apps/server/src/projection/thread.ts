import { parentPort, workerData } from "node:worker_threads";
import { CacheInUse, Follower } from "@downbeat/read-model";
import { openLog } from "../wiring.ts";
import type { FromThread, ThreadData, ThreadState, ToThread } from "./thread-messages.ts";

/** The projection has a thread of its own: catching up with a busy log must not keep people waiting for answers. */

const stateEveryMs = 500;
const { log: address, path, hotWindowMs, keepClosed, beginsWithHotWindow }: ThreadData = workerData;

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

function open(): void {
  const log = openLog(address);
  const follower = new Follower({
    log,
    path,
    hotWindowMs,
    keepClosedMs: keepClosed?.closedMs,
    keepIdsMs: keepClosed?.idsMs,
    beginsWithHotWindow,
    source: `${address.tenant}/${address.namespace}`,
    onNotice: (sentence) => tell({ type: "notice", sentence }),
    onFailure: (error) => tell({ type: "failed", message: error.message }),
  });
  const state = (): ThreadState => ({
    generation: follower.generation,
    change: follower.change,
    freshness: follower.freshness(),
    status: follower.status(),
  });
  follower.onFlushed((flushed) => tell({ type: "flushed", flushed, state: state() }));
  follower.onRebuilt((reason) => tell({ type: "rebuilt", reason, state: state() }));
  const timer = setInterval(() => tell({ type: "state", state: state() }), stateEveryMs);
  tell({ type: "opened", state: state() });

  parentPort?.on("message", async (message: ToThread) => {
    if (message.type === "backfill") {
      // When it can't be written, the follower ends, and says so.
      await follower.backfill(message.part).catch(() => {});
      return tell({ type: "backfilled", id: message.id, state: state() });
    }
    clearInterval(timer);
    await follower.close();
    await log.close();
    parentPort?.close();
  });
}

try {
  open();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  tell({ type: "notOpened", reason: error instanceof CacheInUse ? "inUse" : "other", message });
}
