import type { ReadModel } from "@downbeat/read-model";
import { expect, test } from "vitest";
import { nothingMasked } from "../masking/nothing-masked.ts";
import { FollowChanges } from "./follow-input.ts";
import { Follower } from "./follower.ts";
import { LivePushes } from "./live-pushes.ts";
import type { LiveState } from "./live-state.ts";

const { masking } = nothingMasked;

/** A read model in which one run changes with every flush, and which counts how often it is asked. */
function stage() {
  const world = { now: 1_000, change: 0, asked: 0, events: 0 };
  const changes = (from: number) =>
    Array.from({ length: world.change - from }, (_, index) => `r-${world.change - index}`);
  const summaries = (ids: readonly string[]) => {
    world.asked++;
    return ids.map((runId) => ({ runId }));
  };
  const eventsSince = (_: string, seq: number) => (seq < world.events ? [{ seq: world.events }] : []);
  const readModel = { summaries, eventsSince } as unknown as ReadModel;
  const live = {
    changedSince: (from: number) => (from > world.change ? undefined : changes(from)),
    totals: () => ({ counts: {}, attention: 0, attentionSetAside: 0 }),
  } as unknown as LiveState;
  const feed = {
    generation: "g",
    get change() {
      return world.change;
    },
    freshness: () => ({ completeTo: world.now, behind: 0, live: true }),
    status: () => ({ partitions: 1 }),
  };
  const pushes = new LivePushes({
    feed: feed as never,
    readModel,
    live,
    masking,
    earlier: undefined,
    saved: () => 0,
    freshnessParts: () => [],
    now: () => world.now,
  });
  const follower = (input: object = {}) =>
    new Follower({ pushes, readModel, masking }, FollowChanges.parse(input), {
      role: "admin",
      revealed: () => false,
    });
  return { world, pushes, follower };
}

test("what changed is worked out and serialised once for a thousand followers: they get the same bytes", () => {
  const { world, pushes, follower } = stage();
  const followers = Array.from({ length: 1_000 }, () => follower());
  for (const each of followers) each.tell();
  expect(pushes.count).toBe(1);
  for (let flush = 1; flush <= 5; flush++) {
    world.change++;
    world.now += 100;
    const told = followers.map((each) => each.tell());
    expect(new Set(told.map(({ push }) => push.json)).size).toBe(1);
    expect(told[0]?.push.change.runs).toEqual([{ runId: `r-${world.change}` }]);
    expect(pushes.count).toBe(1 + flush);
    expect(world.asked).toBe(1 + flush);
  }
});

test("one who was away is told all that it missed, and one who comes from elsewhere to ask again", () => {
  const { world, follower } = stage();
  const first = follower();
  const { id } = first.tell();
  world.change = 3;
  const back = follower({ lastEventId: id }).tell();
  expect(back.push.change.runs).toEqual([{ runId: "r-3" }, { runId: "r-2" }, { runId: "r-1" }]);
  expect(back.push.change.refresh).toBeUndefined();
  expect(follower({ lastEventId: "another-1" }).tell().push.change.refresh).toBe(true);
});

test("each follower is told the new events of the runs it looks at, once", () => {
  const { world, follower } = stage();
  world.events = 4;
  const follow = [
    { runId: "a", afterSeq: 4 },
    { runId: "b", afterSeq: 2 },
  ];
  const one = follower({ follow });
  const told = one.tell();
  expect(told.followed).toEqual([{ runId: "b", events: [{ seq: 4 }] }]);
  expect(one.tell().followed).toEqual([]);
  world.events = 5;
  expect(
    follower({ follow, lastEventId: told.id })
      .tell()
      .followed.map(({ runId }) => runId),
  ).toEqual(["a", "b"]);
});
