import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inputDigest } from "@downbeat/domain";
import { BusinessError, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test } from "vitest";
import { openEngineering } from "./stack.ts";

const ask = workflow("ask", async (run, input: string) => {
  const answer = await run.signal<string>("answer");
  if (answer === "no") throw new BusinessError("Refused", "It was refused.");
  return `${input}: ${answer}`;
});

const child = fileURLToPath(new URL("handles-child.ts", import.meta.url));

test("handles of one run in several processes, made and awaited before and after its end, settle with the same", {
  timeout: 120_000,
}, async () => {
  await using engineering = await openEngineering(["public/default"], { workflows: [ask] });
  const elsewhere = async (...deeds: string[]): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [child, engineering.url, ...deeds]);
    return JSON.parse(stdout);
  };
  const ends = ["good: yes", "Run bad failed: It was refused.", "Run late was cancelled."];
  const deeds = ["good", "bad", "late"].flatMap((runId) => [`start ${runId}`, `open ${runId}`]);
  const both = ends.flatMap((end) => [end, end]);

  const before = [elsewhere(...deeds), elsewhere(...deeds.toReversed())];
  const c = client({ log: engineering.log, answerWithin: "1 minute" });
  const runs = await Promise.all(["good", "bad", "late"].map((id) => c.start(ask, id, { runId: id })));
  const own = runs.map((run) => run.result().catch((error: Error) => error.message));
  const [good, bad, late] = runs;
  await good?.signal("answer", "yes");
  await bad?.signal("answer", "no");
  await late?.cancel("it is late");
  expect(await Promise.all(own)).toEqual(ends);
  expect(await Promise.all(before)).toEqual([both, both.toReversed()]);

  // By processes that were not there when the runs ended.
  expect(await Promise.all([elsewhere(...deeds), elsewhere(...deeds.toReversed())])).toEqual([
    both,
    both.toReversed(),
  ]);
  await expect(c.start(ask, "another", { runId: "good" })).rejects.toMatchObject({
    code: "RunIdTaken",
    taken: {
      existing: { workflow: "ask", status: "completed", inputDigest: expect.any(String) },
      asked: { workflow: "ask", inputDigest: inputDigest('"another"') },
    },
  });
  await c.close();
});
