import type { RunEvent } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { job, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";

const levels = 1_500;

function deep(): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

const store = job<unknown, string>("store");
const archive = workflow("archive", async (run) => {
  await run.job(store, deep());
  return deep();
});

async function answers(rules: number | undefined, done: boolean) {
  const input = JSON.stringify(deep());
  const events: RunEvent[] = [
    { type: "RunStarted", workflow: "archive", input: "null", ...(rules !== undefined && { rules }) },
    { type: "JobScheduled", jobId: "j1", jobType: "store", input },
    ...(done ? [{ type: "JobCompleted" as const, jobId: "j1", attempt: 1, output: '"done"' }] : []),
  ];
  const history = events.map((event, index): RecordedEvent => ({ seq: index + 1, at: index + 1, event }));
  const decisions = inProcessDecisions([archive], { onStray: () => {} });
  return decisions.openSession().ask({ runId: "run-1", workflow: "archive", history });
}

test.each([undefined, 1, 2])(
  "a run that began by the rules %s goes on with a value that was taken then",
  async (rules) => {
    expect(await answers(rules, false)).toEqual([]);
    expect(await answers(rules, true)).toMatchObject([{ type: "CompleteRun" }]);
  },
);

test("a run that begins today is told that others couldn't read it", async () => {
  expect(await answers(3, true)).toMatchObject([
    { type: "GetStuck", failure: { name: "InvalidInput", message: expect.stringContaining("levels") } },
  ]);
});
