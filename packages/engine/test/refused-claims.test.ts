import { topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { EngineStage } from "./engine-stage.ts";

test("an engine connects again ever later, up to twenty times its first pause, while the log refuses its claims, and soon after it decided again", async () => {
  const stage = new EngineStage();
  stage.log.before.set(`send ${topics.history(0)}`, async () => {
    throw new Error("the disk is full");
  });
  const engine = await stage.owning();
  expect(engine.modes).toEqual(["dropped"]);
  const waits: number[] = [];
  for (let drops = 1; drops < 8; drops++) {
    for (let ms = 0; stage.saidOf("claimed").length <= drops; ms += 750) {
      waits[drops - 1] = ms;
      await stage.pass(750);
    }
    waits[drops - 1] = (waits[drops - 1] ?? 0) + 750;
  }
  expect(waits).toEqual([750, 1_500, 3_000, 6_000, 12_000, 15_000, 15_000]);
  expect(new Set(stage.saidOf("dropped").map(([, reason]) => reason))).toEqual(
    new Set(["its claim could not be appended: the disk is full"]),
  );
  stage.log.before.clear();
  await stage.pass(15_000);
  expect(engine.modes).toEqual(["owning"]);
  stage.send(stage.start("r1"));
  await stage.settle();
  expect(stage.decided()).toHaveLength(1);
  stage.log.open("producer", topics.history(0))[0]?.end(new Error("lost"));
  await stage.pass(750);
  expect(engine.modes).not.toEqual(["dropped"]);
});
