import type { ProjectionStatus } from "@downbeat/read-model";
import { expect, test } from "vitest";
import type { AuditTrouble } from "./audit/audit-writer.ts";
import { createFreshnessParts } from "./freshness-parts.ts";
import type { Freshness } from "./views.ts";

const writeSide = [
  { partition: 0, waiting: 0, stalledMs: 0, unownedMs: 0 },
] as unknown as ProjectionStatus["writeSide"];
const well: ProjectionStatus = {
  connected: true,
  caughtUp: true,
  partitions: 1,
  records: 1,
  events: 1,
  flushMs: 0,
  leftOut: 0,
  writeSide,
};

function stage(status: Partial<ProjectionStatus> = {}, freshness: Partial<Freshness> = {}) {
  const world: { workers: number | undefined; sql: string | undefined; audit: AuditTrouble | undefined } = {
    workers: 2,
    sql: undefined,
    audit: undefined,
  };
  const parts = createFreshnessParts({
    feed: {
      status: () => ({ ...well, ...status }),
      freshness: () => ({ completeTo: 1, behind: 0, live: true, ...freshness }),
    },
    workers: () => world.workers,
    pulsarSqlTrouble: () => world.sql,
    auditTrouble: () => world.audit,
  });
  const away = () => parts().flatMap(({ part, isLive, words }) => (isLive ? [] : [`${part}: ${words}`]));
  return { world, parts, away };
}

test("every part says how it is", () => {
  const { parts, away } = stage();
  expect(away()).toEqual([]);
  expect(parts().map(({ part, words }) => `${part}: ${words}`)).toEqual([
    "log: connected",
    "decisions: commands are decided",
    "readModel: follows the log",
    "pulsarSql: answers",
    "workers: 2 there",
  ]);
});

test("an engine that is paused is named, though the read model is live", () => {
  const undecided = [{ partition: 3, kind: "stalled", waiting: 12, forMs: 40_000 }] as const;
  expect(stage({}, { undecided }).away()).toEqual([
    "decisions: Partition 3: 12 commands wait, nothing was decided for 40 s.",
  ]);
});

test("signed records that nobody checks are named", () => {
  expect(stage({ isSignedUnchecked: true }).away()).toEqual([
    expect.stringMatching(/^signatures: Records of history are signed, and this server has no keys/),
  ]);
});

test("each of the others is named when it is away", () => {
  expect(stage({ connected: false }, { live: false, note: "It is gone." }).away()).toEqual([
    "log: It is gone.",
    "readModel: It is gone.",
  ]);
  const { world, away } = stage();
  world.sql = "Pulsar SQL does not answer.";
  expect(away()).toEqual(["pulsarSql: Pulsar SQL does not answer."]);
  world.sql = undefined;
  expect(away()).toEqual([]);
  world.workers = 0;
  expect(away()).toEqual(["workers: None is there any more: jobs wait for one."]);
});

test("a product that never had a worker is well without", () => {
  const { world, away } = stage();
  world.workers = 0;
  expect(away()).toEqual([]);
});

test("what the log doesn't say of a partition is not taken for decided", () => {
  const words = (status: Partial<ProjectionStatus>, freshness: Partial<Freshness> = {}) =>
    stage(status, freshness)
      .parts()
      .find(({ part }) => part === "decisions");
  const missed = [...writeSide, { partition: 1, unknown: { forMs: 3_000, why: "503" } }];
  expect(words({ writeSide: missed })).toEqual({
    ...{ part: "decisions", isLive: true, words: "not known yet" },
  });
  const undecided = [{ partition: 1, kind: "unknown", waiting: 0, forMs: 12_000, why: "503" }] as const;
  expect(words({ writeSide: missed, partitions: 2 }, { undecided })).toMatchObject({
    isLive: false,
    words: "Whether commands are decided in partition 1 can't be told, for 12 s now: 503.",
  });
});
