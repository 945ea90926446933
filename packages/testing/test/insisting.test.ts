import { expect, test } from "vitest";
import { control } from "../src/fuzz/interpret.ts";
import type { Step } from "../src/fuzz/program.ts";
import { type Finding, Stage } from "../src/fuzz/stage.ts";

const loops: readonly Step[] = [
  { do: "insist", on: "job" },
  { do: "insist", on: "sleep" },
  { do: "insist", on: "signal" },
  {
    do: "together",
    how: "all",
    branches: [[{ do: "insist", on: "job" }], [{ do: "insist", on: "signal" }]],
  },
];

test("code that takes no refusal for an answer is ended when its run is cancelled, and runs beside it don't notice", async () => {
  const found: Finding[] = [];
  const stage = await Stage.open((finding) => found.push(finding), "engine");
  try {
    const compensate: Step = { do: "compensate", act: { how: "return", value: "one" }, input: "one" };
    const insisting = loops.map(async (loop, index) => {
      const program = { runId: `loop-${index}`, labels: undefined, steps: [compensate, loop], calls: [] };
      const handle = await stage.client.start("fuzz", program, { runId: program.runId });
      const result = handle.result({ timeout: "1 minute" }).catch((error: unknown) => String(error));
      await handle.cancel("enough");
      return result;
    });
    const besides = stage.onePerPartition("control").map(async (runId, n) => {
      const handle = await stage.client.start(control, { n }, { runId });
      return handle.result({ timeout: "1 minute" });
    });
    for (const result of await Promise.all(insisting)) expect(result).toMatch(/cancelled/i);
    await expect
      .poll(() => loops.map((_, index) => stage.readModel.run(`loop-${index}`)?.status))
      .toEqual(loops.map(() => "cancelled"));
    expect(await Promise.all(besides)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(found).toEqual([]);
  } finally {
    await stage.close();
  }
}, 120_000);
