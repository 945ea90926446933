import type { MessageLog } from "@downbeat/message-log";
import { workflow } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog } from "./open-log.ts";

// Run by no-handles.test.ts: a worker that is stopped while it starts must not keep this process, or go on to start.
export const waits = workflow("waits", async (run) => void (await run.signal("go")));

const opened = await openTestLog();
const problems: string[] = [];

/** @param onCall told of each call, before it is made */
function watched(log: MessageLog, onCall: () => void): MessageLog {
  return new Proxy(log, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        onCall();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

let isStarted = false;
let stopped = 0;
// At once, then as it calls its log for the first time, for the second, and so on until it has started before it is stopped.
for (; !isStarted; stopped++) {
  const reached = Promise.withResolvers<void>();
  let left = stopped;
  if (left === 0) reached.resolve();
  const hosted = worker({
    log: watched(opened.connect(), () => {
      if (--left === 0) reached.resolve();
    }),
    workflows: [waits],
    onProblem: (problem) => problems.push(problem),
  });
  const ready = hosted.ready.then(
    () => true,
    () => false,
  );
  isStarted = await Promise.race([reached.promise.then(() => false), ready]);
  await hosted.stop();
}
console.log(JSON.stringify({ problems, stopped }));
await opened[Symbol.asyncDispose]();
