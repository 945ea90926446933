import { expect, test } from "vitest";
import { envFor, inheritedEnv, type Purpose } from "./env.ts";

const given = {
  PATH: "/usr/bin",
  HOME: "/home/ada",
  HTTPS_PROXY: "http://user:password@proxy",
  DOWNBEAT_IN_CONTAINER: "true",
  DOWNBEAT_TOKEN: "token",
  DOWNBEAT_TOKEN_FILE: "token.txt",
  DOWNBEAT_RECORD_KEYS_FILE: "keys.json",
  DOWNBEAT_ACCESS_FILE: "access.json",
  DOWNBEAT_TLS_KEY_FILE: "key.pem",
  DOWNBEAT_PAYLOAD_KEYS: '{"keys":[]}',
  DOWNBEAT_PAYLOAD_KEYS_FILE: "payload-keys.json",
  DOWNBEAT_PULSAR_TOKEN: "pulsar",
  DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET: "secret",
  DOWNBEAT_ALERT_CHANNELS: "channels.json",
  SLACK_URL: "https://chat.example/secret",
  DATABASE_PASSWORD: "hunter2",
};

const told = (purpose: Purpose) => Object.keys(envFor(purpose, inheritedEnv(given))).toSorted();
const telemetry = ["NEXT_TELEMETRY_DISABLED", "TURBO_TELEMETRY_DISABLED"];

test("who renders pages is told no secret at all", () => {
  expect(told("web")).toEqual(["HOME", ...telemetry.slice(0, 1), "PATH", ...telemetry.slice(1)]);
});

test("an engine is told how to come to the log, and nothing of what is the server's or somebody's own", () => {
  expect(told("engine")).toEqual([
    "DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET",
    "DOWNBEAT_PULSAR_TOKEN",
    "HOME",
    "HTTPS_PROXY",
    "NEXT_TELEMETRY_DISABLED",
    "PATH",
    "TURBO_TELEMETRY_DISABLED",
  ]);
});

test("somebody's own code is told what is theirs, and nothing of what is the server's", () => {
  expect(told("code")).toEqual(
    expect.arrayContaining(["DATABASE_PASSWORD", "DOWNBEAT_PULSAR_TOKEN", "PATH"]),
  );
  for (const name of ["DOWNBEAT_ACCESS_FILE", "DOWNBEAT_TLS_KEY_FILE", "DOWNBEAT_ALERT_CHANNELS"])
    expect(told("code")).not.toContain(name);
});

test("nobody who is started is told by which token this command calls, nor of keys or containers", () => {
  for (const purpose of ["web", "engine", "server", "code"] as const)
    for (const name of ["TOKEN", "TOKEN_FILE", "RECORD_KEYS_FILE", "IN_CONTAINER"])
      expect(told(purpose)).not.toContain(`DOWNBEAT_${name}`);
});

test("payloads are read by code, by a server that has the file, and by no engine", () => {
  const keys = (purpose: Purpose) => told(purpose).filter((name) => name.includes("PAYLOAD_KEYS"));
  expect(keys("code")).toEqual(["DOWNBEAT_PAYLOAD_KEYS", "DOWNBEAT_PAYLOAD_KEYS_FILE"]);
  expect(keys("server")).toEqual(["DOWNBEAT_PAYLOAD_KEYS_FILE"]);
  expect([...keys("engine"), ...keys("web")]).toEqual([]);
});
