import { workflow } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog } from "./open-log.ts";

// Run by no-handles.test.ts: a worker that is stopped while it starts must not keep this process, or go on to start.
export const waits = workflow("waits", async (run) => void (await run.signal("go")));

const opened = await openTestLog();
const problems: string[] = [];
for (const afterMs of [0, 1, 20, 150, 400]) {
  const hosted = worker({
    log: opened.connect(),
    workflows: [waits],
    onProblem: (problem) => problems.push(problem),
  });
  hosted.ready.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await hosted.stop();
}
console.log(JSON.stringify(problems));
await opened[Symbol.asyncDispose]();
