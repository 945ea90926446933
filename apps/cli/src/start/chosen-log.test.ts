import { expect, test } from "vitest";
import { CommandFailure } from "../failure.ts";
import { chosenLog } from "./chosen-log.ts";

const options = {
  port: 3000,
  host: "127.0.0.1",
  role: "admin",
  dataDir: ".",
  logPort: 8080,
  engines: 1,
  hotWindow: "30d",
} as const;
const url = "ws://pulsar:8080";
const env = { PATH: "/bin", DOWNBEAT_LOG_URL: url, DOWNBEAT_PULSAR_CLIENT: "native" };
const byVariables = { ...options, pulsar: url, pulsarClient: "native" };
const fromVariables = ["pulsar", "pulsarClient"];

test("a cluster that only a variable names is said, with what to do for the embedded log", () => {
  const chosen = chosenLog({ ...byVariables, fromVariables }, env);
  expect(chosen).toMatchObject({ options: { pulsar: url }, env });
  expect(chosen.notice).toMatch(
    /^DOWNBEAT_LOG_URL is set: this runs on the log at that address.*--embedded\.$/,
  );
});

test("of what somebody typed, or of nothing at all, nothing is said", () => {
  expect(chosenLog(byVariables, env)).toEqual({ options: byVariables, env });
  expect(chosenLog(options, { PATH: "/bin" })).toEqual({ options, env: { PATH: "/bin" } });
});

test("the embedded log that is asked for is taken, and no process reads the cluster's variables", () => {
  const {
    options: meant,
    env: inherited,
    notice,
  } = chosenLog({ ...byVariables, embedded: true, fromVariables }, env);
  expect([meant.pulsar, meant.pulsarClient]).toEqual([undefined, undefined]);
  expect(inherited).toEqual({ PATH: "/bin" });
  expect(notice).toBe("DOWNBEAT_LOG_URL is set, and not used: this runs on the embedded log.");
});

test("two logs at once are refused", () => {
  expect(() => chosenLog({ ...byVariables, embedded: true }, env)).toThrow(CommandFailure);
});
