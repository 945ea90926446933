import { describe, expect, test } from "vitest";
import { z } from "zod";
import { logAddress, logAddressVariables } from "./log-address.ts";

const variables = z.object(logAddressVariables);

function read(env: Record<string, string>) {
  return logAddress(variables.parse({ DOWNBEAT_LOG_URL: "ws://log:8080", ...env }));
}

test("an address alone is enough: everything else has its default", () => {
  expect(read({})).toStrictEqual({
    serviceUrl: "ws://log:8080",
    client: "websocket",
    tenant: "public",
    namespace: "default",
  });
});

test("everything that is said reaches the adapter", () => {
  expect(
    read({
      DOWNBEAT_PULSAR_ADMIN: "https://admin:8443",
      DOWNBEAT_PULSAR_BROKER_URL: "pulsar+ssl://broker:6651",
      DOWNBEAT_PULSAR_CLIENT: "native",
      DOWNBEAT_PULSAR_SESSION_SECONDS: "600",
      DOWNBEAT_PULSAR_TOKEN: "secret",
      DOWNBEAT_TENANT: "acme",
      DOWNBEAT_NAMESPACE: "orders",
    }),
  ).toStrictEqual({
    serviceUrl: "ws://log:8080",
    adminUrl: "https://admin:8443",
    brokerUrl: "pulsar+ssl://broker:6651",
    client: "native",
    token: "secret",
    maxSessionAgeMs: 600_000,
    tenant: "acme",
    namespace: "orders",
  });
});

describe("An address", () => {
  test.each([
    [
      "DOWNBEAT_LOG_URL",
      ["ws://log", "wss://log/base"],
      ["http://log", "xws://log", "wsss://log", "log:8080", ""],
    ],
    ["DOWNBEAT_PULSAR_ADMIN", ["http://a", "https://a"], ["ws://a", "xhttp://a", "httpss://a"]],
    [
      "DOWNBEAT_PULSAR_BROKER_URL",
      ["pulsar://b", "pulsar+ssl://b"],
      ["http://b", "xpulsar://b", "pulsar+sslx://b"],
    ],
  ])("in %s has a protocol that is spoken there", (variable, fine, odd) => {
    for (const url of fine) expect(() => read({ [variable]: url })).not.toThrow();
    for (const url of odd) expect(() => read({ [variable]: url })).toThrow(variable);
  });

  test.each(["ws://user@log", "ws://:password@log", "ws://user:password@log", "ws://log?token=x"])(
    "is refused with what belongs in nobody's hands: %s",
    (url) => {
      expect(() => read({ DOWNBEAT_LOG_URL: url })).toThrow("a token goes into DOWNBEAT_PULSAR_TOKEN");
    },
  );
});

test("sessions live for ten seconds at least, and a client is one that there is", () => {
  expect(read({ DOWNBEAT_PULSAR_SESSION_SECONDS: "10" }).maxSessionAgeMs).toBe(10_000);
  for (const seconds of ["9", "x", "-1"])
    expect(() => read({ DOWNBEAT_PULSAR_SESSION_SECONDS: seconds })).toThrow(
      "DOWNBEAT_PULSAR_SESSION_SECONDS",
    );
  for (const client of ["kafka", ""])
    expect(() => read({ DOWNBEAT_PULSAR_CLIENT: client })).toThrow("DOWNBEAT_PULSAR_CLIENT");
  expect(read({ DOWNBEAT_PULSAR_CLIENT: "websocket" }).client).toBe("websocket");
});
