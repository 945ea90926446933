import type { MessageLog } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { unreachedListener } from "../src/inbox/unreached.ts";
import { type Logger, silent } from "../src/logging/logger.ts";

function opened(address?: string) {
  const lines: unknown[][] = [];
  const logger: Logger = { ...silent, warn: (...line) => void lines.push(line) };
  const log = {} as MessageLog;
  return { lines, hanging: { log, logger, ...(address !== undefined && { address }) } };
}

const away = new Error("refused");

test("that a log is waited for is logged once for each log, with where it is, where nobody listens", () => {
  const { lines, hanging } = opened("ws://127.0.0.1:8080");
  const tell = unreachedListener(hanging, undefined);
  tell(away);
  tell(new Error("another reason"));
  unreachedListener(hanging, undefined)(new Error("of another client"));
  expect(lines).toEqual([[{ address: "ws://127.0.0.1:8080", err: away }, "Waiting for the log."]]);
  const other = opened();
  unreachedListener(other.hanging, undefined)(away, "Waiting for an engine.");
  expect(other.lines).toEqual([[{ err: away }, "Waiting for an engine."]]);
});

test("who listens hears each other reason once, and nothing is logged", () => {
  const { lines, hanging } = opened();
  const heard: unknown[][] = [];
  const tell = unreachedListener(hanging, (...told) => void heard.push(told));
  tell(away);
  tell(new Error("refused"), "Something else.");
  tell(new Error("no such host"));
  expect(heard).toEqual([
    ["Waiting for the log.", away],
    ["Waiting for the log.", new Error("no such host")],
  ]);
  expect(lines).toEqual([]);
});
