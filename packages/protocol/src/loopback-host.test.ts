import { expect, test } from "vitest";
import { isLoopbackHost } from "./loopback-host.ts";

test.each(["localhost", "LOCALHOST:3000", "127.0.0.1:1", "127.9.9.9", "[::1]", "[::1]:3000"])(
  "%s is this machine",
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each([
  undefined,
  "",
  "evil.example",
  "localhost.evil.example:3000",
  "evil.example:80:127.0.0.1",
  "127.0.0.1.nip.io",
  "0.0.0.0:3000",
  "localhost:3000:4000",
  "user@localhost",
])("%s is not known to be", (host) => expect(isLoopbackHost(host)).toBe(false));
