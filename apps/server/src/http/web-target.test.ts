import { expect, test } from "vitest";
import { isUnixSocket, webTarget } from "./web-target.ts";

test.each([
  ["http://127.0.0.1:3001", { host: "127.0.0.1", port: 3_001 }],
  ["http://web:3001/", { host: "web", port: 3_001 }],
  ["http://[::1]:3001", { host: "::1", port: 3_001 }],
  ["http://web", { host: "web", port: 80 }],
  ["unix:/run/downbeat/web.sock", { socketPath: "/run/downbeat/web.sock" }],
  ["unix:/run/with space/ö%20.sock", { socketPath: "/run/with space/ö%20.sock" }],
])("%s is where the dashboard's process is", (address, target) => {
  expect(webTarget(address)).toEqual(target);
});

test.each(["unix:web.sock", "unix:", "http://unix:/x", "/run/web.sock"])("%j is no socket", (address) => {
  expect(isUnixSocket(address)).toBe(false);
});
