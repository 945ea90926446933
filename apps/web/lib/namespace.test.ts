import { expect, test } from "vitest";
import { chooseNamespace, parseNamespaces } from "./namespace.ts";

const served = parseNamespaces("public/default,acme/orders");

test("what the server names is read in its order", () => {
  expect(served).toEqual([
    { tenant: "public", namespace: "default" },
    { tenant: "acme", namespace: "orders" },
  ]);
  expect(parseNamespaces(null)).toEqual([]);
});

test("an address that names none means the one looked at last, as long as it is served", () => {
  expect(chooseNamespace(served, "acme/orders")).toEqual({ tenant: "acme", namespace: "orders" });
  expect(chooseNamespace(served, "acme/gone")).toEqual({ tenant: "public", namespace: "default" });
  expect(chooseNamespace(served, undefined)).toEqual({ tenant: "public", namespace: "default" });
  expect(chooseNamespace([], "acme/orders")).toBeUndefined();
});
