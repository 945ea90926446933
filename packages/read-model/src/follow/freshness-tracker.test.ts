import { LogError, position } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { FreshnessTracker } from "./freshness-tracker.ts";

test("as complete as its least complete partition", () => {
  const tracker = new FreshnessTracker();
  tracker.checked(0, 1_000, undefined, undefined);
  tracker.checked(1, 1_000, position(1, 9), position(1, 4));
  expect(tracker.freshness(true, 1_000)).toMatchObject({ completeTo: 0, behind: 5, live: false });
  tracker.applied(1, 900, position(1, 8));
  expect(tracker.freshness(true, 1_000)).toMatchObject({
    completeTo: 899,
    behind: 1,
    note: "History is being read: about 1 record to go.",
  });
  tracker.applied(1, 950, position(1, 9));
  expect(tracker.freshness(true, 1_000)).toEqual({ completeTo: 949, behind: 0, live: true });
});

test("it never goes back, and ages when nothing is heard", () => {
  const tracker = new FreshnessTracker();
  tracker.checked(0, 5_000, position(1, 0), position(1, 0));
  tracker.applied(0, 4_000, position(1, 1));
  expect(tracker.freshness(true, 5_100)).toEqual({ completeTo: 5_000, behind: 0, live: true });
  expect(tracker.freshness(true, 60_000)).toMatchObject({
    live: false,
    note: expect.stringContaining("behind"),
  });
  expect(tracker.freshness(false, 5_100)).toMatchObject({
    live: false,
    note: expect.stringContaining("no connection"),
  });
});

test("over a change of segment it is behind by at least what is known", () => {
  const tracker = new FreshnessTracker();
  tracker.checked(0, 1, position(3, 6), position(2, 99));
  expect(tracker.freshness(true, 1).behind).toBe(7);
});

test("why there is no connection is said without what was asked, and refused credentials as what they are", () => {
  const tracker = new FreshnessTracker();
  tracker.checked(0, 1_000, undefined, undefined);
  const away = new LogError("unavailable", "Reader of history: no connection to the log (ECONNREFUSED).");
  expect(tracker.freshness(false, 1_000, away).note).toBe(
    "The server has no connection to the log; what is shown may be old: no connection to the log (ECONNREFUSED).",
  );
  const refused = new LogError("unauthorized", "Reader of history: the log answered 401.");
  expect(tracker.freshness(false, 1_000, refused).note).toMatch(/^The log refuses the server's credentials/);
  expect(tracker.freshness(true, 1_000, away).note).toBeUndefined();
  expect(tracker.freshness(true, 60_000, away).note).toMatch(/can't ask the log/);
});
