import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TRPCError } from "@trpc/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "../app-router.ts";
import type { Context } from "../context.ts";
import { forbidden, may, permissions, roles } from "./policy.ts";
import { withoutPayloads } from "./without-payloads.ts";

const audit = {
  entryOf: (entry: object) => entry,
  note() {},
  noteOften() {},
  noteFirst: async () => "written",
};
const meta = z.object({ permission: z.enum(permissions) }).optional();
const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  permission: meta.parse(Reflect.get(Reflect.get(procedure, "_def"), "meta"))?.permission,
}));

test("every procedure says who may ask for it", () => {
  expect(procedures.filter(({ permission }) => permission === undefined)).toEqual([]);
  expect(new Set(procedures.map(({ permission }) => permission))).toEqual(
    new Set(permissions.filter((permission) => permission !== "seePayloads")),
  );
});

describe.each(roles)("%s", (role) => {
  test.each(procedures)("$path", async ({ path, permission = "askSql" }) => {
    const caller = appRouter.createCaller({ role, audit } as unknown as Context);
    const [group = "", name = ""] = path.split(".");
    const call = (caller as unknown as Record<string, Record<string, () => Promise<unknown>>>)[group]?.[name];
    const code = await call?.().then(
      () => "answered",
      (error: unknown) => (error instanceof TRPCError ? error.code : error),
    );
    // Who may ask gets further: to what is wrong with the question, or to services that aren't here.
    expect(code === "FORBIDDEN").toBe(!may(role, permission));
  });
});

test("a role may do what those before it may, and nothing is taken away", () => {
  const counts = roles.map((role) => permissions.filter((permission) => may(role, permission)).length);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(counts.at(-1)).toBe(permissions.length);
});

test("who may not is told who may", () => {
  expect(forbidden("startRuns")).toBe("Only operators and admins may start a run.");
  expect(forbidden("askSql")).toBe("Only admins may run SQL on all history.");
});

test("the page on security shows the policy as it is", () => {
  const head = `| may | ${roles.join(" | ")} |`;
  const rows = permissions.map((permission) => {
    const marks = roles.map((role) => (may(role, permission) ? "✓" : ""));
    const [, what] = /may (.*)\.$/.exec(forbidden(permission)) ?? [];
    return `| ${what} | ${marks.join(" | ")} |`.replaceAll("|  |", "| |").replaceAll("|  |", "| |");
  });
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/security.md"), "utf8");
  expect(page).toContain([head, `|${" --- |".repeat(roles.length + 1)}`, ...rows].join("\n"));
});

test("payloads are left out wherever they are, and nothing else", () => {
  const shown = {
    runId: "a",
    input: '{"secret":1}',
    rows: [{ output: "1", failure: { message: "no", details: "{}" }, waits: null }],
    count: { input: 3 },
    labels: { input: "a label of that name", output: "x" },
  };
  const instead = '"Not shown to your role."';
  expect(withoutPayloads(shown)).toEqual({
    runId: "a",
    input: instead,
    rows: [{ output: instead, failure: { message: "no", details: instead }, waits: null }],
    count: { input: 3 },
    labels: shown.labels,
  });
});
