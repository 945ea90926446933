import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { SharedCausesInShort } from "../causes/shared-causes.ts";
import type { Context } from "../context.ts";
import { GetOverview, getOverview } from "./get-overview.ts";

const period = { from: 0, to: 60_000 };

test("figures are asked for by the clocks of a zone that exists", () => {
  for (const timeZone of ["UTC", "Europe/Berlin", "america/los_angeles"])
    expect(GetOverview.safeParse({ ...period, timeZone }).success).toBe(true);
  for (const timeZone of ["", "Mars/Base", "../etc", "x".repeat(10_000)])
    expect(GetOverview.safeParse({ ...period, timeZone }).error?.issues[0]?.message).toBe(
      "not a time zone that this server knows",
    );
});

test("how many runs are stuck and how many of these are set aside are of one moment, however long is waited for who is there", async () => {
  const state = { stuck: 3 };
  const grow = async <T>(answer: T): Promise<T> => {
    await setImmediate();
    state.stuck += 2;
    return answer;
  };
  const readModel = {
    overview: () => ({ buckets: [], byJobType: [], open: { running: 0, waiting: 0, stuck: state.stuck } }),
    stuckSetAside: () => ({ stuck: state.stuck, setAside: state.stuck }),
    waitGroups: () => [],
  };
  const feed = { generation: "g", freshness: () => ({}), status: () => ({ partitions: 1 }) };
  const context = {
    readModel,
    feed,
    waits: { causes: () => grow([]) },
    causeMarks: { forLooking: () => grow([]) },
    causesInShort: new SharedCausesInShort({ readModel, feed, now: () => 0 }),
  } as unknown as Context;
  const { open } = await getOverview(context, period);
  expect(open).toEqual({ running: 0, waiting: 0, stuck: 7, setAside: 7 });
});
