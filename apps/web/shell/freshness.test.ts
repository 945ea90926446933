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
    tone: "behind",
    text: "behind by 1 min 12 s",
    detail: "1,200 records to read",
  });
});

test("a lost connection is said, with the age of what is shown", () => {
  expect(describeFreshness({ connection: "connecting" }, at).text).toBe("connecting…");
  expect(describeFreshness({ connection: "reconnecting", freshness: live }, at + 9_000)).toMatchObject({
    tone: "away",
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
