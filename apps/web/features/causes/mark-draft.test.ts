import { afterEach, expect, test } from "vitest";
import { showTimesOf } from "../../lib/zone.ts";
import { changeOf, draftOf, mutePresets } from "./mark-draft.ts";

afterEach(() => showTimesOf(undefined));

const at = Date.UTC(2026, 10, 23, 14, 2);
const mark = {
  fingerprint: "a",
  version: 3,
  by: "ada",
  at,
  about: { title: "bookHotel", message: "" },
  mutedUntil: at,
  note: "We know.",
  ticket: "https://tickets.example/7",
};

test("only what was changed is sent, and what was emptied is taken away", () => {
  const before = draftOf(mark, at, at - 1);
  expect(before).toEqual({
    mutedUntil: "2026-11-23T14:02:00.000Z",
    note: "We know.",
    ticket: "https://tickets.example/7",
    resolved: false,
  });
  expect(changeOf(before, before)).toEqual({});
  expect(changeOf({ ...before, note: " We know. ", resolved: true }, before)).toEqual({ resolved: true });
  expect(changeOf({ mutedUntil: undefined, note: "", ticket: " ", resolved: false }, before)).toEqual({
    mutedUntil: null,
    note: null,
    ticket: null,
  });
});

test("a mute that is over, and what came back, are to be said again", () => {
  expect(draftOf(mark, at, at).mutedUntil).toBeUndefined();
  // Of the same moment: muted or not, it is resolved until something comes after.
  for (const now of [at - 1, at]) {
    const resolved = { ...mark, resolvedAt: at };
    expect(draftOf(resolved, undefined, now).resolved).toBe(true);
    expect(draftOf(resolved, at, now).resolved).toBe(true);
    expect(draftOf(resolved, at + 1, now).resolved).toBe(false);
    expect(draftOf(mark, undefined, now).resolved).toBe(false);
  }
});

test("saved over what somebody else said, a draft is all that is there", () => {
  const theirs = { ...mark, note: "Fixed.", resolvedAt: at };
  const draft = { mutedUntil: "2026-11-24T09:00:00.000Z", note: "", ticket: "", resolved: false };
  expect(changeOf(draft, draftOf(theirs, at, at))).toEqual({
    mutedUntil: Date.UTC(2026, 10, 24, 9),
    note: null,
    ticket: null,
    resolved: false,
  });
});

test("tomorrow morning is tomorrow's in the zone that is shown, also when clocks change in the night", () => {
  const tomorrowIn = (zone: string, now: number) => {
    showTimesOf(zone);
    return new Date(mutePresets(now)[2]?.at ?? 0).toISOString();
  };
  expect(tomorrowIn("UTC", at)).toBe("2026-11-24T09:00:00.000Z");
  expect(tomorrowIn("Asia/Tokyo", at)).toBe("2026-11-24T00:00:00.000Z");
  expect(tomorrowIn("Pacific/Auckland", at)).toBe("2026-11-24T20:00:00.000Z");
  expect(tomorrowIn("Europe/Berlin", Date.UTC(2026, 9, 24, 12))).toBe("2026-10-25T08:00:00.000Z");
});
