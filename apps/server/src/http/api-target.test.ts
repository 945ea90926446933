import { expect, test } from "vitest";
import { apiTarget } from "./api-target.ts";

const name = { tenant: "acme", namespace: "orders eu" };

test.each([
  ["/trpc/me.get", { of: "server", procedure: "me.get" }],
  ["/trpc/acme/orders%20eu/runs.get", { of: "namespace", name, procedure: "runs.get" }],
  [
    "/trpc/acme/orders%20eu/runs%2Eget%2cruns.list",
    { of: "namespace", name, procedure: "runs.get,runs.list" },
  ],
])("%s is what it says", (path, target) => {
  expect(apiTarget(path)).toEqual(target);
});

test.each([
  "/trpc/acme/orders/live%252Echanges",
  "/trpc/acme/orders/live%25252Echanges",
  "/trpc/acme/orders/runs.get%252Cruns.get",
  "/trpc/acme/orders/live.changes%20",
  "/trpc/acme/orders/live.changes%00",
  "/trpc/acme/orders/live.changes%3Fx",
  "/trpc/acme/orders/",
  "/trpc/%25",
  "/trpc/%",
  "/trpc/acme/orders",
])("%s names no procedure, whatever tRPC would make of it", (path) => {
  expect(apiTarget(path)).toBeUndefined();
});
