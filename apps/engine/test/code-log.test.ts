import { fileURLToPath } from "node:url";
import { until } from "@downbeat/message-log/testing";
import { expect, onTestFinished, test } from "vitest";
import { loadWorkflows } from "../src/workflows.ts";

const code = fileURLToPath(new URL("code/talking.ts", import.meta.url));

test.each([
  ["in a thread", 1],
  ["in the engine's own thread", 0],
])("what code hosted by the engine writes with run.log is a line of the engine's, %s", async (_, threads) => {
  const lines: object[] = [];
  const take = (fields: object, message: string) => void lines.push({ ...fields, message });
  const unexpected = (problem: unknown) => expect(problem).toBe("");
  const { decisions, close } = await loadWorkflows(code, threads, {
    onStray: (_, reason) => unexpected(reason),
    onProblem: unexpected,
    logger: { debug: take, info: take, warn: take, error: take },
  });
  onTestFinished(close);
  const session = decisions.openSession();
  const event = { type: "RunStarted", workflow: "talking", input: '"Bern"', rules: 2 } as const;
  await session.ask({ runId: "r-1", workflow: "talking", history: [{ seq: 1, at: 1, event }] });
  await until("it is written", () => lines.length > 0);
  expect(lines).toEqual([expect.objectContaining({ runId: "r-1", to: "Bern", message: "it began" })]);
  session.close();
});
