import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeTokens, newToken, readAccess, readTokens, standingOf } from "@downbeat/access";
import type { NamespaceName } from "@downbeat/protocol";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { KeptFiles } from "../sign-in/kept-files.ts";
import { tokenDesk } from "./token-desk.ts";

const orders: NamespaceName = { tenant: "acme", namespace: "orders" };
const roles = [
  { role: "admin", who: { person: "local|grace" }, in: ["acme/orders", "acme/billing"] },
  { role: "admin", who: { person: "local|alan" }, in: ["acme/*"] },
  { role: "admin", who: { person: "local|ada" } },
];

function stage(places: readonly (readonly string[])[]) {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-desk-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "access.json");
  writeFileSync(file, JSON.stringify({ accounts: "accounts.json", roles }), { mode: 0o600 });
  const access = readAccess(file);
  const made = places.map(
    (all) => newToken({ name: "ci", role: "viewer", in: all, madeAt: 0, endsAt: 1 }).token,
  );
  changeTokens(access.tokensFile, () => made);
  const files = new KeptFiles({ access, directory, logger: pino({ level: "silent" }) });
  const desk = (subject: string) => {
    const identity = { issuer: "local", subject, name: subject, groups: [], claims: {} };
    const visitor = {
      actor: subject,
      standingIn: (name: NamespaceName) => standingOf(access, identity, name),
    };
    const parts = { file: access.tokensFile, files, now: () => 0 };
    return tokenDesk(parts, { visitor, name: orders });
  };
  return { desk, made, left: () => readTokens(access.tokensFile).map((each) => each.in) };
}

test("of a token's places those are shown that are the namespace's or their admin's, and of others that there are some", () => {
  const { desk } = stage([["acme/orders", "acme/billing", "acme/secret"], ["acme/orders"], ["*", "other/x"]]);
  const shown = (subject: string) =>
    desk(subject)
      .list()
      .map(({ in: places, isForOthers = false, notYours }) => [places, isForOthers, notYours !== undefined]);
  expect(shown("grace")).toEqual([
    [["acme/orders", "acme/billing"], true, true],
    [["acme/orders"], false, false],
    [["*"], true, true],
  ]);
  expect(shown("ada")).toEqual([
    [["acme/orders", "acme/billing", "acme/secret"], false, false],
    [["acme/orders"], false, false],
    [["*", "other/x"], false, false],
  ]);
});

test("a token is withdrawn by an admin of all that it is for, wherever that is served", async () => {
  const { desk, made, left } = stage([
    ["*"],
    ["acme/*"],
    ["acme/orders", "acme/billing"],
    ["acme/orders", "x/y"],
  ]);
  const withdraw = (subject: string, index: number) => desk(subject).withdraw(made[index]?.id ?? "");
  for (const [subject, index] of [
    ["grace", 0],
    ["grace", 1],
    ["grace", 3],
    ["alan", 0],
    ["alan", 3],
  ] as const)
    await expect(withdraw(subject, index)).rejects.toThrow("where you are no admin");
  expect(left()).toHaveLength(4);
  await withdraw("grace", 2);
  await withdraw("alan", 1);
  await withdraw("ada", 0);
  expect(left()).toEqual([["acme/orders", "x/y"]]);
});
