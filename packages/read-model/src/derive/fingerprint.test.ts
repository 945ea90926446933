import { expect, test } from "vitest";
import { fingerprint, messagePattern } from "./fingerprint.ts";

test("numbers, ids and quoted values make no difference", () => {
  const of = (message: string) => fingerprint("bookHotel", { name: "ConnectionError", message });
  expect(of("connect ECONNREFUSED 10.0.7.12:8443")).toBe(of("connect ECONNREFUSED 10.0.7.200:8443"));
  expect(of("order 4711 is locked")).toBe(of("order 12 is locked"));
  expect(of('no such hotel "Miradouro"')).toBe(of('no such hotel "Ritz"'));
  expect(of("job 0191d2a4-5b1e-7c3a-9f10-2b8c5d6e7f80 gone")).toBe(
    of("job 5f1d2a41-aaaa-4c3a-8f10-000000000001 gone"),
  );
});

test("another error, job type or wording does", () => {
  const one = fingerprint("bookHotel", { name: "ConnectionError", message: "refused" });
  expect(fingerprint("bookFlight", { name: "ConnectionError", message: "refused" })).not.toBe(one);
  expect(fingerprint("bookHotel", { name: "TimeoutError", message: "refused" })).not.toBe(one);
  expect(fingerprint("bookHotel", { name: "ConnectionError", message: "reset" })).not.toBe(one);
});

test("what an error came of makes a difference, its numbers, its addresses and their order do not", () => {
  const of = (...messages: string[]) =>
    fingerprint("bookHotel", {
      name: "TypeError",
      message: "fetch failed",
      causes: messages.map((message, index) => ({ depth: index + 1, name: "Error", message })),
    });
  expect(of("connect ECONNREFUSED 10.0.7.12:80")).toBe(of("connect ECONNREFUSED 10.0.7.200:8443"));
  expect(of("connect ECONNREFUSED 10.0.7.12:80")).not.toBe(of("getaddrinfo ENOTFOUND hotel.example"));
  expect(of("connect ECONNREFUSED 10.0.7.12:80")).not.toBe(of());
  expect(of("gone", "away")).toBe(of("away", "gone"));
  expect(of("try 1", "try 2")).toBe(of("try 3"));
});

test("without a cause it is what it was before there were any", () => {
  expect(fingerprint("bookHotel", { name: "E", message: "m", causes: [] })).toBe(
    fingerprint("bookHotel", { name: "E", message: "m" }),
  );
});

test("a long hostile message takes no time", () => {
  const began = performance.now();
  messagePattern(`${"a-1".repeat(100_000)}"`);
  expect(performance.now() - began).toBeLessThan(50);
});
