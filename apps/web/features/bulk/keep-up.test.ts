import { expect, test } from "vitest";
import { KeepUp } from "./keep-up.ts";

const idle = { isFetching: false, isFetchingNextPage: false };
const asking = { isFetching: true, isFetchingNextPage: false };
const reading = { isFetching: true, isFetchingNextPage: true };

test("news that come while it is asked are asked for afterwards, once", () => {
  const keepUp = new KeepUp();
  expect(keepUp.isBehind({ version: "1", ...asking })).toBe(false);
  expect(keepUp.isBehind({ version: "2", ...asking })).toBe(false);
  expect(keepUp.isBehind({ version: "3", ...asking })).toBe(false);
  expect(keepUp.isBehind({ version: "3", ...idle })).toBe(true);
  expect(keepUp.isBehind({ version: "3", ...asking })).toBe(false);
  expect(keepUp.isBehind({ version: "3", ...idle })).toBe(false);
});

test("a further page is no answer to news", () => {
  const keepUp = new KeepUp();
  keepUp.isBehind({ version: "1", ...asking });
  expect(keepUp.isBehind({ version: "1", ...idle })).toBe(false);
  expect(keepUp.isBehind({ version: "2", ...reading })).toBe(false);
  expect(keepUp.isBehind({ version: "2", ...idle })).toBe(true);
});

test("news are asked for when they come, and an answer that fails is not asked for forever", () => {
  const keepUp = new KeepUp();
  keepUp.isBehind({ version: "1", ...asking });
  keepUp.isBehind({ version: "1", ...idle });
  expect(keepUp.isBehind({ version: "2", ...idle })).toBe(true);
  keepUp.isBehind({ version: "2", ...asking });
  expect(keepUp.isBehind({ version: "2", ...idle })).toBe(false);
});
