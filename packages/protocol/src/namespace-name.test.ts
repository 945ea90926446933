import { expect, test } from "vitest";
import {
  formatNamespaceName,
  namespaceList,
  namespacePart,
  namespacesMeant,
  parseNamespaceName,
} from "./namespace-name.ts";

test("a list of namespaces is read in its order, each once", () => {
  expect(
    namespaceList.parse("public/default, acme/orders ,public/default,").map(formatNamespaceName),
  ).toEqual(["public/default", "acme/orders"]);
});

test("what names no tenant and namespace is refused by name", () => {
  const sentence = (text: string) => namespaceList.safeParse(text).error?.issues[0]?.message;
  expect(sentence("public/default,acme")).toBe('"acme" is no tenant and namespace such as public/default');
  expect(sentence("a/b/c")).toBe('"a/b/c" is no tenant and namespace such as public/default');
  expect(sentence(" , ")).toBe("it is no tenant and namespace such as public/default");
  expect(namespaceList.safeParse("acme").error?.issues).toMatchObject([{ code: "custom", path: [] }]);
});

test("a name that would mean another place in a path is none", () => {
  for (const text of [
    "../default",
    "public/..",
    "./x",
    "public/",
    "/default",
    "a b/c",
    "a%2fb/c",
    "a\\b/c",
  ]) {
    expect(parseNamespaceName(text)).toBeUndefined();
  }
  expect(parseNamespaceName("my-tenant/v1.2_x:y=z")).toEqual({
    tenant: "my-tenant",
    namespace: "v1.2_x:y=z",
  });
});

test("the one named by itself is the default, before those that are listed", () => {
  const listed = namespaceList.parse("public/default,acme/orders");
  const names = (tenant?: string, namespace?: string, list = listed) =>
    namespacesMeant({ tenant, namespace, listed: list }).map(formatNamespaceName);
  expect(names()).toEqual(["public/default", "acme/orders"]);
  expect(names("acme", "orders")).toEqual(["acme/orders", "public/default"]);
  expect(names("acme")).toEqual(["acme/default", "public/default", "acme/orders"]);
  expect(names(undefined, "orders")).toEqual(["public/orders", "public/default", "acme/orders"]);
  expect(names(undefined, undefined, [])).toEqual(["public/default"]);
});

test("what is listed is all there is where none is named by itself", () => {
  const listed = namespaceList.parse("acme/orders,acme/trips");
  expect(namespacesMeant({ listed }).map(formatNamespaceName)).toEqual(["acme/orders", "acme/trips"]);
});

test("a tenant's name and a namespace's are refused with what they may be", () => {
  expect(namespacePart.parse("v1.2_x:y=z")).toBe("v1.2_x:y=z");
  for (const part of ["", ".", "..", "a/b", "a b", "x".repeat(201)])
    expect(namespacePart.safeParse(part).error?.issues[0]?.message).toBe(
      "letters, digits and - = : . _ only, and not dots alone",
    );
});
