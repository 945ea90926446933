import { expect, inject, test } from "vitest";
import { z } from "zod";
import { figuresOf } from "./figures-of.ts";

const within = { timeout: 600_000 };

const report = z.object({
  runs: z.number(),
  promised: z.number(),
  statuses: z.record(z.string(), z.number()),
  violations: z.number(),
});

const timersReport = z.object({ fired: z.number(), violations: z.number() });

/** Runs `scripts/chaos.ts`, which counts by itself from history; see there. */
async function chaos(...args: string[]): Promise<z.output<typeof report>> {
  return report.parse(await counted(args));
}

async function counted(args: readonly string[]): Promise<unknown> {
  const { figures, said } = await figuresOf("chaos.ts", args);
  expect(figures, said).toMatchObject({ violations: 0 });
  return figures;
}

test(
  "engine, server, workers and all of them are killed under load; nothing is lost, nothing done twice",
  within,
  async () => {
    const { runs, promised } = await chaos("--pulsar", inject("pulsar"), "--rounds", "1", "--rate", "20");
    expect(runs).toBeGreaterThanOrEqual(promised);
    expect(promised).toBeGreaterThan(0);
  },
);

test(
  "one of two engines is paused for half a minute; the other takes over, and what it says when it wakes does not count",
  within,
  async () => {
    const { promised } = await chaos("--mode", "pause", "--pulsar", inject("pulsar"), "--rate", "20");
    expect(promised).toBeGreaterThan(0);
  },
);

test("topics are unloaded while they are published to and taken over", within, async () => {
  const { promised } = await chaos(
    "--mode",
    "unload",
    "--pulsar",
    inject("pulsar"),
    "--rounds",
    "2",
    "--rate",
    "20",
  );
  expect(promised).toBeGreaterThan(0);
});

test(
  "somebody writes into history what no engine wrote; nobody's run is hurt, and the partitions go on",
  within,
  async () => {
    const { promised } = await chaos(
      "--mode",
      "forge",
      "--pulsar",
      inject("pulsar"),
      "--rounds",
      "2",
      "--rate",
      "20",
    );
    expect(promised).toBeGreaterThan(0);
  },
);

test("the broker is killed under load and comes back with its data", within, async () => {
  const { promised } = await chaos("--mode", "broker", "--rounds", "2", "--rate", "15");
  expect(promised).toBeGreaterThan(0);
});

test(
  "runs that wait go on once and not too early when broker and engine were killed meanwhile",
  within,
  async () => {
    // Longer than broker and engine take to come back, on a busy machine too.
    const args = ["--mode", "timers", "--runs", "20000", "--wait-seconds", "150"];
    const { fired } = timersReport.parse(await counted(args));
    expect(fired).toBe(20_000);
  },
);
