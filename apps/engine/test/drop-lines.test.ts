import { pino } from "pino";
import { expect, test } from "vitest";
import { DropLines } from "../src/drop-lines.ts";

function watched() {
  const lines: { level: number; reason?: string; msg: string; times?: number }[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const world = { now: 1_000 };
  return { lines, world, drops: new DropLines(logger, () => world.now) };
}

const full = "its claim could not be appended: The disk that holds the log is full";

test("a partition that is given up again and again for one reason is told of once, and once when that is over", () => {
  const { lines, world, drops } = watched();
  for (let drop = 0; drop < 50; drop++) {
    drops.dropped(0, full);
    world.now += 15_000;
  }
  expect(lines).toMatchObject([{ level: 40, reason: full }]);
  drops.dropped(0, "another reason");
  drops.dropped(1, full);
  drops.owning(0, 7);
  expect(lines.slice(1)).toMatchObject([
    { level: 40, reason: "another reason" },
    { level: 40, reason: full, partition: 1 },
    { level: 40, times: 51, msg: "owns the partition again, which was given up several times" },
  ]);
});

test("the same a while later is told of again, and a take-over as ever", () => {
  const { lines, world, drops } = watched();
  drops.dropped(0, full);
  world.now += 120_000;
  drops.dropped(0, full);
  drops.owning(0, 2);
  drops.dropped(0, full);
  expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    "40 gave the partition up and starts over",
    "40 gave the partition up and starts over",
    "30 owns the partition",
    "40 gave the partition up and starts over",
  ]);
});
