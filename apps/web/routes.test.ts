import { expect, test } from "vitest";
import { isWithoutNamespace, routesOf, samePage, withNamespace } from "./routes.ts";

const orders = { tenant: "acme", namespace: "orders" };
const odd = { tenant: "runs", namespace: "late" };

test("every address names its tenant and namespace", () => {
  const routes = routesOf(orders);
  expect(routes.overview()).toBe("/acme/orders");
  expect(routes.run("a/b", { row: "j1" })).toBe("/acme/orders/runs/a%2Fb?row=j1");
  expect(routes.runsOfStatus("stuck")).toBe("/acme/orders/runs?status=stuck");
});

test("the same page of another namespace leaves out what only the first one has", () => {
  expect(samePage(orders, "/public/default")).toBe("/acme/orders");
  expect(samePage(orders, "/public/default/attention")).toBe("/acme/orders/attention");
  expect(samePage(orders, "/public/default/runs/trip-1")).toBe("/acme/orders/runs");
});

test("an address from before there were several is told apart, and completed", () => {
  expect(
    ["/", "/runs", "/runs/trip-1", "/attention", "/timers", "/tokens", "/account"].map((path) =>
      isWithoutNamespace(path, [orders]),
    ),
  ).toEqual([true, true, true, true, true, true, true]);
  expect(
    ["/acme/orders", "/acme/unknown", "/no-such-page"].map((path) => isWithoutNamespace(path, [orders])),
  ).toEqual([false, false, false]);
  expect(isWithoutNamespace("/runs/late", [orders, odd])).toBe(false);
  expect(withNamespace(orders, "/")).toBe("/acme/orders");
  expect(withNamespace(orders, "/runs/trip-1")).toBe("/acme/orders/runs/trip-1");
});
