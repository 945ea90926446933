import { expect, test } from "vitest";
import { readEnv } from "../src/env.ts";

test("it listens on loopback, and on other addresses only where people sign in", () => {
  expect(readEnv({}).host).toBe("127.0.0.1");
  for (const host of ["127.0.0.1", "localhost", "::1"])
    expect(readEnv({ DOWNBEAT_HOST: host }).host).toBe(host);
  for (const host of ["0.0.0.0", "::", "10.0.0.7", "downbeat.example.com"]) {
    expect(() => readEnv({ DOWNBEAT_HOST: host })).toThrow(
      /^DOWNBEAT_HOST can't be .* unless people sign in\. /,
    );
    expect(readEnv({ DOWNBEAT_HOST: host, DOWNBEAT_ACCESS_FILE: "access.json" }).host).toBe(host);
  }
});

test("an access file that came out empty is not taken for none", () => {
  for (const file of ["", " "])
    expect(() => readEnv({ DOWNBEAT_ACCESS_FILE: file })).toThrow("DOWNBEAT_ACCESS_FILE is set to nothing");
  expect(readEnv({ DOWNBEAT_ACCESS_FILE: undefined, DOWNBEAT_TENANT: "" }).accessFile).toBeUndefined();
});

test("a container opens nothing by itself, and whoever counted on it is told what to do", () => {
  expect(readEnv({ DOWNBEAT_IN_CONTAINER: "false" }).host).toBe("127.0.0.1");
  expect(() => readEnv({ DOWNBEAT_IN_CONTAINER: "true" })).toThrow(
    /opens nothing any more.*DOWNBEAT_ACCESS_FILE/,
  );
  expect(() => readEnv({ DOWNBEAT_IN_CONTAINER: "perhaps" })).toThrow(
    /^DOWNBEAT_IN_CONTAINER can't be "perhaps"/,
  );
});

test("no tenant has the name of a page of the server's own", () => {
  for (const tenant of ["trpc", "_next", "signin", "signout"])
    expect(() => readEnv({ DOWNBEAT_NAMESPACES: `${tenant}/orders` })).toThrow("no tenant of the dashboard");
});
