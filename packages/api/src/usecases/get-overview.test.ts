import { expect, test } from "vitest";
import { GetOverview } from "./get-overview.ts";

const period = { from: 0, to: 60_000 };

test("figures are asked for by the clocks of a zone that exists", () => {
  for (const timeZone of ["UTC", "Europe/Berlin", "america/los_angeles"])
    expect(GetOverview.safeParse({ ...period, timeZone }).success).toBe(true);
  for (const timeZone of ["", "Mars/Base", "../etc", "x".repeat(10_000)])
    expect(GetOverview.safeParse({ ...period, timeZone }).error?.issues[0]?.message).toBe(
      "not a time zone that this server knows",
    );
});
