import { expect, test } from "vitest";
import { describeFreshness, describeTrouble } from "./freshness.ts";

const at = Date.UTC(2026, 10, 23, 14, 2, 7);
const live = { completeTo: at, behind: 0, live: true };

test("says live and until when", () => {
  const look = describeFreshness({ connection: "open", freshness: live }, at + 400);
  expect(look).toMatchObject({ tone: "live", text: "live" });
  expect(look.detail).toMatch(/^complete to \d\d:02:07$/);
});

test("a few unread records that come in at once are not being behind", () => {
  expect(describeFreshness({ connection: "open", freshness: { ...live, behind: 3 } }, at + 400).text).toBe(
    "live",
  );
});

test("says by how much it is behind", () => {
  const look = describeFreshness({ connection: "open", freshness: { ...live, behind: 1_200 } }, at + 72_300);
  expect(look).toMatchObject({
    tone: "broken",
    text: "behind by 1 min 12 s",
    detail: "1,200 records to read",
  });
});

test("a lost connection is said, with the age of what is shown", () => {
  expect(describeFreshness({ connection: "connecting" }, at).text).toBe("connecting…");
  expect(describeFreshness({ connection: "reconnecting", freshness: live }, at + 9_000)).toMatchObject({
    tone: "broken",
    text: "reconnecting…",
  });
});

test("what the server says of its own troubles is said as it is; a server that is away says nothing itself", () => {
  const note = "The server has no connection to the log; what is shown may be old: it was closed.";
  expect(describeTrouble({ connection: "open", freshness: { ...live, live: false, note } })).toBe(note);
  expect(describeTrouble({ connection: "reconnecting", freshness: live })).toMatch(/server can't be reached/);
  expect(describeTrouble({ connection: "open", freshness: live })).toBeUndefined();
  expect(describeTrouble({ connection: "connecting" })).toBeUndefined();
});

test("commands that nobody decides are told before runs that are still looked for", () => {
  const earlier = { source: "Pulsar SQL", beginning: at, openRunsKnown: false, orphanRuns: 0 };
  const note = "Partition 3: 12 commands wait, nothing was decided for 40 s (owner engine-a).";
  const undecided = [{ partition: 3, kind: "stalled", waiting: 12, forMs: 40_000 } as const];
  const freshness = { ...live, earlier, undecided, note };
  expect(describeTrouble({ connection: "open", freshness })).toBe(note);
});

test("a part that does not do what it should is named, though all else is live", () => {
  const parts = [
    { part: "log", isLive: true, words: "connected" },
    { part: "decisions", isLive: false, words: "Partition 3: 12 commands wait." },
    { part: "workers", isLive: false, words: "None is there any more: jobs wait for one." },
  ] as const;
  expect(describeFreshness({ connection: "open", freshness: live, parts }, at)).toMatchObject({
    tone: "broken",
    text: "engine doesn’t decide, no worker",
  });
});

test("an engine of which the log says nothing is neither well nor said to stand still", () => {
  const parts = [{ part: "decisions", isLive: false, words: "…" }] as const;
  const undecided = [{ partition: 3, kind: "unknown", waiting: 0, forMs: 12_000, why: "503" } as const];
  expect(
    describeFreshness({ connection: "open", freshness: { ...live, undecided }, parts }, at),
  ).toMatchObject({ tone: "broken", text: "engine not known" });
});
