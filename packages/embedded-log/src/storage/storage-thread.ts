import { parentPort, workerData } from "node:worker_threads";
import { EmbeddedLogOpenError } from "../open-error.ts";
import type { CommitBatch } from "./batch.ts";
import { type OpenOptions, SqliteEngine } from "./sqlite-engine.ts";
import { storageError } from "./storage-error.ts";
import type { Reply, Request } from "./thread-messages.ts";

/*
 * Entry point of the storage thread. It exists so that the fsync of a commit never blocks the thread that delivers
 * messages and runs the engine.
 */
if (parentPort === null) throw new Error("storage-thread.ts runs as a worker thread only");
const port = parentPort;

function reply(message: Reply, transfer?: ArrayBuffer[]): void {
  port.postMessage(message, transfer);
}

// In the pauses between bursts, so that a lone message does not wait for a checkpoint.
const idleMs = 200;
const watchEveryMs = 1_000;
let committedAt = 0;
let idleTimer: NodeJS.Timeout | undefined;
/** A batch that there was no room for. */
let held: CommitBatch | undefined;

const engine = open();
if (engine !== undefined) {
  reply({ type: "opened", state: engine.state });
  watchPlace(engine);
  port.on("message", (request: Request) => handle(engine, request));
}

function open(): SqliteEngine | undefined {
  try {
    const { file, options } = workerData as { readonly file: string; readonly options: OpenOptions };
    return new SqliteEngine(file, options);
  } catch (error) {
    reply({ type: "refused", message: describe(error), explained: error instanceof EmbeddedLogOpenError });
    return undefined;
  }
}

/** A commit looks by itself; a log at rest should say it all the same. */
function watchPlace(opened: SqliteEngine): void {
  const timer = setInterval(() => {
    try {
      opened.checkPlace();
    } catch (error) {
      clearInterval(timer);
      const { trouble, message } = storageError(error);
      reply({ type: "broken", trouble, message });
    }
  }, watchEveryMs);
  timer.unref();
}

function handle(opened: SqliteEngine, request: Request): void {
  try {
    switch (request.type) {
      case "commit":
        held = request.batch ?? held;
        if (held !== undefined) opened.commit(held);
        held = undefined;
        written(opened);
        return reply({ type: "done", id: request.id });
      case "compact":
        opened.compact(request.topic, request.rows);
        written(opened);
        return reply({ type: "done", id: request.id });
      case "read": {
        const rows = opened.read(request.topic, request.from, request.to, request.limit, request.maxBytes);
        return reply({ type: "rows", id: request.id, rows }, [rows.bytes.buffer as ArrayBuffer]);
      }
      case "fetch": {
        const rows = opened.fetch(request.topic, request.entries);
        return reply({ type: "rows", id: request.id, rows }, [rows.bytes.buffer as ArrayBuffer]);
      }
      case "count":
        return reply({
          type: "count",
          id: request.id,
          count: opened.count(request.topic, request.from, request.to),
        });
      case "backUp":
        opened.backUp(request.file).then(
          () => reply({ type: "done", id: request.id }),
          (error: unknown) => fail(request, error),
        );
        return;
      case "close":
        clearTimeout(idleTimer);
        opened.close();
        reply({ type: "done", id: request.id });
        return port.close();
    }
  } catch (error) {
    fail(request, error);
  }
}

function fail({ id }: Request, error: unknown): void {
  const { trouble, message } = storageError(error);
  reply({ type: "failed", id, trouble, message });
}

function written(opened: SqliteEngine): void {
  committedAt = performance.now();
  idleTimer ??= setTimeout(() => checkpointWhenIdle(opened), idleMs);
}

function checkpointWhenIdle(opened: SqliteEngine): void {
  const quietFor = performance.now() - committedAt;
  idleTimer = quietFor < idleMs ? setTimeout(() => checkpointWhenIdle(opened), idleMs - quietFor) : undefined;
  // Failing here is no harm: the next commit or checkpoint meets the same trouble and reports it.
  if (idleTimer !== undefined) return;
  attempt(() => {
    if (opened.shrink()) idleTimer = setTimeout(() => checkpointWhenIdle(opened), idleMs);
    opened.checkpoint();
  });
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {}
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
