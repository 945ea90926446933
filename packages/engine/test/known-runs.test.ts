import { hashString } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { KnownRuns } from "../src/known-runs.ts";

function ids(count: number, prefix = "run"): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
}

describe("The runs that were written", () => {
  test.each([0, 1, 511, 512, 513, 1_025, 20_000])("are all known, be they %i", (count) => {
    const known = new KnownRuns();
    for (const id of ids(count)) known.add(id);
    expect(ids(count).every((id) => known.mayHold(id))).toBe(true);
  });

  test("are hardly ever mistaken for others", () => {
    const known = new KnownRuns();
    for (const id of ids(20_000)) known.add(id);
    expect(ids(20_000, "other").filter((id) => known.mayHold(id)).length).toBeLessThan(5);
    expect(new KnownRuns().mayHold("run-1")).toBe(false);
  });

  test("are known once each, however often they are added", () => {
    const known = new KnownRuns();
    for (let time = 0; time < 50_000; time++) known.add("run-1");
    expect(known.mayHold("run-1")).toBe(true);
    expect(ids(1_000, "other").some((id) => known.mayHold(id))).toBe(false);
  });

  test("are told apart though all are of one partition, whose hashes have the same rest", () => {
    const known = new KnownRuns();
    const ofOnePartition = ids(64_000).filter((id) => hashString(id) % 64 === 7);
    for (const id of ofOnePartition) known.add(id);
    expect(ofOnePartition.every((id) => known.mayHold(id))).toBe(true);
    const others = ids(64_000, "other").filter((id) => hashString(id) % 64 === 7);
    expect(others.filter((id) => known.mayHold(id)).length).toBeLessThan(3);
  });

  test("may be any, once they are more than are kept", { timeout: 60_000 }, () => {
    const known = new KnownRuns();
    for (let n = 0; n < 2_200_000; n++) known.add(`run-${n}`);
    expect(known.mayHold("never added")).toBe(true);
    known.add("one more");
    expect(known.mayHold("run-0")).toBe(true);
  });
});
