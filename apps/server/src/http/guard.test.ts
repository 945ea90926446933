import { expect, test } from "vitest";
import { isOfThisMachine, refusal } from "./guard.ts";

type Asked = Parameters<typeof refusal>[0];

function asked(remoteAddress: string | undefined, headers: Record<string, string>): Asked {
  const socket = { remoteAddress } as Asked["socket"];
  return { method: "GET", url: "/", headers, rawHeaders: Object.entries(headers).flat(), socket };
}

const unguarded = { hasSignIn: false, address: undefined };
const address = new URL("https://downbeat.example.com");

test("where nobody signs in, no other machine is answered, whatever name it asks for", () => {
  for (const peer of ["10.0.0.7", "172.17.0.1", "::ffff:10.0.0.7", "2001:db8::1", undefined])
    expect(refusal(asked(peer, { host: "localhost:3000" }), unguarded)).toMatchObject({
      status: 403,
      sentence: "Nobody signs in at this Downbeat, so it answers its own machine only.",
    });
  for (const peer of ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
    expect(refusal(asked(peer, { host: "localhost:3000" }), unguarded)).toBeUndefined();
  expect(
    refusal(asked("127.0.0.1", { host: "downbeat.example.com" }), { hasSignIn: false, address }),
  ).toMatchObject({ status: 403 });
});

const proxyHeaders = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
  "cf-connecting-ip",
];

test("where nobody signs in, what a proxy passed on is not answered, from this machine either", () => {
  for (const name of proxyHeaders) {
    const request = asked("127.0.0.1", { host: "localhost:3000", [name]: "" });
    expect(refusal(request, unguarded)?.sentence).toMatch(/^A proxy passed this request on/);
    expect(refusal(request, { hasSignIn: true, address })).toBeUndefined();
  }
  expect(refusal(asked("127.0.0.1", { host: "localhost:3000", device: "x" }), unguarded)).toBeUndefined();
});

test("where people sign in, they come from anywhere, to the configured address or to this machine's own", () => {
  const door = { hasSignIn: true, address };
  expect(refusal(asked("10.0.0.7", { host: "downbeat.example.com" }), door)).toBeUndefined();
  expect(refusal(asked("10.0.0.7", { host: "localhost:3000" }), door)).toBeUndefined();
  expect(refusal(asked("10.0.0.7", { host: "10.0.0.9:3000" }), door)).toMatchObject({ status: 403 });
  const from = (origin: string) =>
    refusal(asked("10.0.0.7", { host: "downbeat.example.com", origin }), door)?.status;
  expect(from("https://downbeat.example.com")).toBeUndefined();
  expect(
    [
      "http://downbeat.example.com",
      "https://downbeat.example.com.evil.example",
      "https://evil.example",
      "null",
    ].map(from),
  ).toEqual([403, 403, 403, 403]);
});

test("what a proxy passed on is not this machine's own question", () => {
  const host = "localhost:3000";
  expect(isOfThisMachine(asked("127.0.0.1", { host }))).toBe(true);
  expect(isOfThisMachine(asked("10.0.0.7", { host }))).toBe(false);
  expect(isOfThisMachine(asked("127.0.0.1", { host: "downbeat.example.com" }))).toBe(false);
  for (const name of proxyHeaders)
    expect(isOfThisMachine(asked("127.0.0.1", { host, [name]: "x" }))).toBe(false);
});
