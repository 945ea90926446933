import { expect, test } from "vitest";
import { asksForToken } from "./log-token.ts";
import type { StartOptions } from "./start.ts";

const embedded: StartOptions = {
  port: 0,
  host: "127.0.0.1",
  role: "admin",
  dataDir: ".downbeat",
  logPort: 8080,
  engines: 1,
  hotWindow: "30d",
};

test("the embedded log asks for its token unless the option or the variable says that it doesn't", () => {
  expect(asksForToken(embedded, {})).toBe(true);
  expect(asksForToken({ ...embedded, logToken: true }, { DOWNBEAT_NO_LOG_TOKEN: "" })).toBe(true);
  expect(asksForToken(embedded, { DOWNBEAT_NO_LOG_TOKEN: "false" })).toBe(true);
  expect(asksForToken({ ...embedded, logToken: false }, {})).toBe(false);
  expect(asksForToken({ ...embedded, logToken: false }, { DOWNBEAT_NO_LOG_TOKEN: "false" })).toBe(false);
  expect(asksForToken(embedded, { DOWNBEAT_NO_LOG_TOKEN: "true" })).toBe(false);
});

test("a variable that says neither is refused, and doesn't open the log", () => {
  expect(() => asksForToken(embedded, { DOWNBEAT_NO_LOG_TOKEN: "maybe" })).toThrow(
    `DOWNBEAT_NO_LOG_TOKEN can't be "maybe": true or false.`,
  );
});

test("what a cluster asks for is not for this to say", () => {
  const onCluster = { ...embedded, pulsar: "ws://pulsar:8080" };
  expect(asksForToken(onCluster, {})).toBe(false);
  expect(() => asksForToken({ ...onCluster, logToken: false }, {})).toThrow(
    "--no-log-token is for the embedded log",
  );
});
