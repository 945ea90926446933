import { expect, test } from "vitest";
import { Outages } from "./outages.ts";

const gone = (reason?: string) => ({
  namespaces: [
    {
      tenant: "acme",
      namespace: "orders",
      checks: [{ name: "log", ok: false, ...(reason !== undefined && { reason }) }],
    },
  ],
});
const there = {
  namespaces: [{ tenant: "acme", namespace: "orders", checks: [{ name: "log", ok: true }] }],
};

test("an outage is told once with why, and its end once", () => {
  const said: string[] = [];
  const outages = new Outages((line) => said.push(line));
  for (const look of [
    there,
    gone("The broker is away."),
    gone("The broker is away."),
    gone("Still."),
    there,
    there,
  ])
    outages.take(look);
  expect(said).toEqual(["acme/orders: The broker is away.", "acme/orders: all is there again."]);
});

test("an interruption that is over at the next look is not worth a word", () => {
  const said: string[] = [];
  const outages = new Outages((line) => said.push(line));
  for (const look of [gone(), there, gone(), there]) outages.take(look);
  expect(said).toEqual([]);
});

test("what everything else works without is told by itself, and hides no other outage", () => {
  const said: string[] = [];
  const outages = new Outages((line) => said.push(line));
  const sql = (ok: boolean, log: boolean) => ({
    namespaces: [
      {
        tenant: "acme",
        namespace: "orders",
        checks: [
          { name: "log", ok: log, ...(!log && { reason: "The broker is away." }) },
          { name: "pulsarSql", ok, optional: true, ...(!ok && { reason: "Pulsar SQL is away." }) },
        ],
      },
    ],
  });
  for (const look of [sql(false, true), sql(false, true), sql(false, false), sql(false, false)])
    outages.take(look);
  for (const look of [sql(false, true), sql(true, true)]) outages.take(look);
  expect(said).toEqual([
    "acme/orders: Pulsar SQL is away.",
    "acme/orders: The broker is away.",
    "acme/orders: all is there again.",
    "acme/orders: Pulsar SQL is there again.",
  ]);
});
