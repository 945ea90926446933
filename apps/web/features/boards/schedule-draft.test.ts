import { boardDefinition } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { draftOfSchedule, type ScheduleDraft, scheduleOf } from "./schedule-draft.ts";

const draft: ScheduleDraft = {
  channel: "team",
  to: "ada@example.com, grace@example.com\nada@example.com",
  weekday: 1,
  hour: 8,
  timeZone: "Europe/Berlin",
};

test("what is typed is a schedule that the server takes, and edited without a change it stays the same", () => {
  const meant = scheduleOf(draft);
  if ("problem" in meant) throw new Error(meant.problem);
  expect(meant.weekly.to).toEqual(["ada@example.com", "grace@example.com"]);
  const board = { name: "A", period: "7d", panels: [], weekly: meant.weekly };
  expect(boardDefinition.safeParse(board).error).toBeUndefined();
  expect(scheduleOf(draftOfSchedule(meant.weekly))).toEqual(meant);
});

test.each([
  [{ to: " " }, "at least one address"],
  [{ to: "ada" }, "“ada” is no address"],
  [{ to: Array.from({ length: 21 }, (_, one) => `a${one}@b.c`).join(" ") }, "20 addresses at most"],
  [{ channel: "" }, "a channel"],
  [{ timeZone: "Mars" }, "Europe/Berlin"],
])("%o is answered with a sentence", (patch, sentence) => {
  expect(scheduleOf({ ...draft, ...patch })).toEqual({ problem: expect.stringContaining(sentence) });
});
