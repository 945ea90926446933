import type { EventView } from "@downbeat/api/views";
import { expect, test, vi } from "vitest";
import { createEventStore, pageSize } from "./event-store.ts";

const event = (seq: number): EventView => ({
  seq,
  at: seq,
  inputId: `i${seq}`,
  event: { type: "LabelsSet", labels: {} },
  sentence: `event ${seq}`,
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));

function history(total: number) {
  const asked: number[] = [];
  const store = createEventStore(async (afterSeq, limit) => {
    asked.push(afterSeq);
    return {
      events: range(afterSeq + 1, Math.min(total, afterSeq + limit)),
      total,
      freshness: { completeTo: 0, behind: 0, live: true },
    };
  }, total);
  return { store, asked };
}

test("only the pages on the screen are asked for, once", async () => {
  const { store, asked } = history(10_000);
  store.need(5_010, 5_040);
  store.need(5_011, 5_041);
  await vi.waitFor(() => expect(store.get(5_020)?.seq).toBe(5_020));
  expect(asked).toEqual([5_000]);
  expect(store.get(1)).toBeUndefined();
});

test("a search loads all of it, a few pages at once", async () => {
  const { store, asked } = history(3_050);
  store.needAll();
  expect(asked.length).toBe(3);
  await vi.waitFor(() => expect(store.loaded()).toHaveLength(3_050));
  expect(asked.length).toBe(Math.ceil(3_050 / pageSize));
});

test("pushed events extend the list and are not asked for", async () => {
  const { store, asked } = history(2);
  store.need(1, 2);
  await vi.waitFor(() => expect(store.loaded()).toHaveLength(2));
  store.add([event(3), event(4)]);
  store.need(1, 4);
  expect(store.total()).toBe(4);
  expect(asked).toEqual([0]);
});

test("events missing between loaded and pushed ones are asked for", async () => {
  let total = 2;
  const load = vi.fn(async (afterSeq: number, limit: number) => ({
    events: range(afterSeq + 1, Math.min(total, afterSeq + limit)),
    total,
    freshness: { completeTo: 0, behind: 0, live: true },
  }));
  const store = createEventStore(load, 2);
  store.need(1, 2);
  await vi.waitFor(() => expect(store.loaded()).toHaveLength(2));
  total = 6;
  store.add([event(6)]);
  store.need(1, 6);
  await vi.waitFor(() => expect(store.loaded()).toHaveLength(6));
});

test("after an error nothing is asked until someone wants it again", async () => {
  const load = vi.fn().mockRejectedValue(new Error("away"));
  const store = createEventStore(load, 100);
  store.need(1, 20);
  await vi.waitFor(() => expect(store.error()).toBeInstanceOf(Error));
  store.need(1, 20);
  expect(load).toHaveBeenCalledTimes(1);
  store.retry();
  store.need(1, 20);
  expect(load).toHaveBeenCalledTimes(2);
});

test("what the server can't find is asked for again only when it is retried", async () => {
  let isFound = false;
  let asked = 0;
  const freshness = { completeTo: 0, behind: 0, live: true };
  const store = createEventStore(async () => {
    asked++;
    return isFound
      ? { events: range(1, 3), total: 3, freshness }
      : { events: [], total: 3, freshness, missing: { count: 3, why: "Pulsar SQL does not answer." } };
  }, 3);
  store.onChange(() => store.need(1, 3));
  store.need(1, 3);
  await vi.waitFor(() => expect(store.error()).toEqual(new Error("Pulsar SQL does not answer.")));
  expect(asked).toBe(1);
  isFound = true;
  store.retry();
  await vi.waitFor(() => expect(store.loaded()).toHaveLength(3));
  expect(store.error()).toBeUndefined();
  expect(asked).toBe(2);
});
