import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { keepClosedOf, keepClosedVariables, keepDuration } from "./keep-closed.ts";

const day = 86_400_000;

describe("How long closed runs are kept", () => {
  it("is forever unless it is said", () => {
    expect(keepClosedOf({})).toBeUndefined();
  });

  it("goes for their ids 400 days, or as long as for the runs if that is longer", () => {
    expect(keepClosedOf({ DOWNBEAT_KEEP_CLOSED: 30 * day })).toEqual({
      closedMs: 30 * day,
      idsMs: 400 * day,
    });
    expect(keepClosedOf({ DOWNBEAT_KEEP_CLOSED: 500 * day })).toMatchObject({ idsMs: 500 * day });
    expect(keepClosedOf({ DOWNBEAT_KEEP_CLOSED: day, DOWNBEAT_KEEP_IDS: 2 * day })).toMatchObject({
      idsMs: 2 * day,
    });
  });

  it("is refused where ids would go before the runs, or alone", () => {
    expect(() => keepClosedOf({ DOWNBEAT_KEEP_CLOSED: 3 * day, DOWNBEAT_KEEP_IDS: 2 * day })).toThrow(
      "can't be shorter",
    );
    expect(() => keepClosedOf({ DOWNBEAT_KEEP_IDS: 2 * day })).toThrow("needs DOWNBEAT_KEEP_CLOSED");
  });

  it("is at least a day", () => {
    expect(keepDuration.safeParse("24h").data).toBe(day);
    expect(keepDuration.safeParse("23h").error?.issues[0]?.message).toBe("at least a day, such as 30d");
    expect(keepDuration.safeParse("soon").success).toBe(false);
  });
});

test("neither need be said, and their ids may go with the runs", () => {
  expect(z.object(keepClosedVariables).parse({})).toEqual({});
  expect(keepClosedOf({ DOWNBEAT_KEEP_CLOSED: day, DOWNBEAT_KEEP_IDS: day })).toEqual({
    closedMs: day,
    idsMs: day,
  });
});
