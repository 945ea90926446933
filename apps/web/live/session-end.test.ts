import { expect, test } from "vitest";
import { sessionEnd } from "./session-end.ts";

test("a session has ended when the server says so, and no more when it answers again", () => {
  const told: boolean[] = [];
  const stop = sessionEnd.onChange(() => told.push(sessionEnd.isEnded()));
  for (const status of [200, 503, 401, 401, 200, 401]) sessionEnd.tellStatus(status);
  expect(told).toEqual([true, false, true]);
  stop();
  sessionEnd.tellStatus(200);
  expect(told).toHaveLength(3);
});
