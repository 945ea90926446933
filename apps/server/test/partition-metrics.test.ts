import type { PartitionStatus } from "@downbeat/read-model";
import { expect, test } from "vitest";
import { createMetrics } from "../src/metrics.ts";
import type { ServedNamespace } from "../src/namespaces/served-namespace.ts";

function metricsOf(writeSide: () => readonly PartitionStatus[]) {
  const served = {
    tenant: "public",
    namespace: "default",
    feed: { status: () => ({ writeSide: writeSide() }) },
  };
  const { registry } = createMetrics(new Set(), () => [served as unknown as ServedNamespace]);
  return async (name: string) =>
    (await registry.getSingleMetric(`downbeat_partition_${name}`)?.get())?.values.map(({ value }) => value);
}

test("what can't be told of a partition has no value, for a nought would be believed; for how long has one", async () => {
  let status: PartitionStatus = { partition: 0, waiting: 4, stalledMs: 2_000, unownedMs: 0 };
  const values = metricsOf(() => [status]);
  expect(await values("progress_seconds")).toEqual([2]);
  expect(await values("unknown_seconds")).toEqual([0]);
  status = { partition: 0, unknown: { forMs: 12_000, why: "503" } };
  for (const name of ["progress_seconds", "waiting_commands", "unowned_seconds"])
    expect(await values(name), name).toEqual([]);
  expect(await values("unknown_seconds")).toEqual([12]);
  status = { partition: 0 };
  expect(await values("unknown_seconds"), "before the first look").toEqual([]);
});
