import { createServer } from "node:http";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded into a process before its own code (`--import`): answers on the port that `DOWNBEAT_BENCH_PORT` names with the longest time that its event loop
 * was held since it was asked last, in ms of the main thread's own processor time. Other processes on the machine don't count in it.
 */
const sampledEveryMs = 2;

let longest = 0;
let last = ownMs();

function ownMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

// Threads load it too.
if (isMainThread) {
  setInterval(() => {
    const now = ownMs();
    longest = Math.max(longest, now - last);
    last = now;
  }, sampledEveryMs).unref();

  createServer((_, response) => {
    response.end(String(Math.round(longest)));
    longest = 0;
  })
    .listen(Number(process.env.DOWNBEAT_BENCH_PORT), "127.0.0.1")
    .unref();
}
