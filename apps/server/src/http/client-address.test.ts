import { expect, test } from "vitest";
import {
  clientAddress,
  isLoopbackAddress,
  networkOf,
  TrustedProxies,
  untrustedProxy,
} from "./client-address.ts";

const from = (remoteAddress: string, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
});

test("where a request comes from is told by the connection, and by trusted proxies only", () => {
  const none = new TrustedProxies([]);
  const some = new TrustedProxies(["10.0.0.0/8", "::1"]);
  expect(clientAddress(from("203.0.113.9", "1.2.3.4"), none)).toBe("203.0.113.9");
  expect(clientAddress(from("203.0.113.9", "1.2.3.4"), some)).toBe("203.0.113.9");
  expect(clientAddress(from("10.1.2.3", "1.2.3.4"), some)).toBe("1.2.3.4");
  expect(clientAddress(from("::ffff:10.1.2.3", "9.9.9.9, 1.2.3.4, 10.0.0.8"), some)).toBe("1.2.3.4");
  expect(clientAddress(from("::1", "nonsense"), some)).toBe("::1");
  expect(clientAddress(from("10.1.2.3"), some)).toBe("10.1.2.3");
});

test("a peer that names somebody else and isn't trusted is known", () => {
  const some = new TrustedProxies(["10.0.0.7"]);
  expect(untrustedProxy(from("::ffff:127.0.0.1", "1.2.3.4"), some)).toBe("127.0.0.1");
  expect(untrustedProxy(from("127.0.0.1"), some)).toBeUndefined();
  expect(untrustedProxy(from("10.0.0.7", "1.2.3.4"), some)).toBeUndefined();
});

test.each(["", "proxy.example", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8"])(
  "%j is no proxy's address",
  (address) => {
    expect(() => new TrustedProxies([address])).toThrow("is no address");
  },
);

test("one network of IPv6 is one who attempts", () => {
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8:1:2::9")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8::9")).toBe("2001:db8:0:0");
  expect(networkOf("::1")).toBe("0:0:0:0");
  expect(networkOf("1.2.3.4")).toBe("1.2.3.4");
});

test("this machine is known by its address", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].every(isLoopbackAddress)).toBe(true);
  expect(["10.0.0.1", "::2", "1270.0.0.1", "", undefined].some(isLoopbackAddress)).toBe(false);
});
