import type { ReadModel } from "@downbeat/read-model";
import { expect, test } from "vitest";
import type { CauseMark } from "../views.ts";
import { SharedCausesInShort, setAsideOf } from "./shared-causes.ts";

const mark = { fingerprint: "a", version: 1, by: "ada", at: 0, about: { title: "", message: "" } };

test("what causes come to is counted once for all who look, as seldom as it takes long, and at once when somebody says something", () => {
  const state = { now: 0, asked: 0, aside: 2 };
  const readModel = {
    stuckSetAside: (_waits: unknown, _marks: unknown, workflow?: string) => {
      state.asked++;
      state.now += 10;
      return { stuck: 10, setAside: workflow === undefined ? state.aside : 1 };
    },
    waitGroups: () => [],
  } as unknown as ReadModel;
  const feed = { generation: "g" };
  const shared = new SharedCausesInShort({ readModel, feed, now: () => state.now });
  const marks: CauseMark[] = [mark];
  const asked = (workflow?: string, said = marks) => shared.of(workflow, [], said).stuckSetAside;
  for (const _ of [1, 2, 3]) expect(asked()).toBe(2);
  expect(state.asked).toBe(1);
  expect(asked("bookTrip")).toBe(1);
  expect(state.asked).toBe(2);
  state.aside = 7;
  state.now = 199;
  expect(asked()).toBe(2);
  state.now = 200;
  expect(asked()).toBe(7);
  state.aside = 8;
  expect(asked(undefined, [...marks])).toBe(8);
  // Another life of the read model holds something else.
  state.aside = 9;
  feed.generation = "h";
  expect(asked(undefined, marks)).toBe(9);
});

test("however fast what is set aside grows, what needs a person stays as it was counted", () => {
  const counted = { stuck: 5, stuckSetAside: 3 };
  for (const now of [1, 2, 3, 5, 500]) expect(now - setAsideOf(now, counted)).toBe(Math.min(now, 2));
  expect(setAsideOf(500, { ...counted, stuckSetAside: 0 })).toBe(0);
});
