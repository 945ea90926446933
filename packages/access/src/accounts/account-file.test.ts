import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changeAccounts, readAccounts } from "./account-file.ts";
import type { Account } from "./accounts.ts";

const hash = `scrypt$N=32768,r=8,p=3$${"A".repeat(22)}$${"A".repeat(43)}`;
const account = (name: string): Account => ({
  name,
  groups: [],
  password: hash,
  isDisabled: false,
  sessionsSince: 1,
});

function place(): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-accounts-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "accounts.json");
}

test("what was changed is read again, by its owner alone, and nothing else is left behind", () => {
  const path = place();
  expect(readAccounts(path)).toEqual([]);
  changeAccounts(path, (all) => [...all, account("ada")]);
  changeAccounts(path, (all) => [...all, account("grace")]);
  expect(readAccounts(path).map(({ name }) => name)).toEqual(["ada", "grace"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["accounts.json"]);
});

test("a change that fails changes nothing, and keeps nobody from the next", () => {
  const path = place();
  changeAccounts(path, () => [account("ada")]);
  const fail = () => {
    throw new Error("no");
  };
  expect(() => changeAccounts(path, fail)).toThrow("no");
  expect(readAccounts(path)).toHaveLength(1);
  changeAccounts(path, (all) => [...all, account("grace")]);
  expect(readAccounts(path)).toHaveLength(2);
});

test("two commands don't undo each other", () => {
  const path = place();
  changeAccounts(path, (all) => {
    expect(() => changeAccounts(path, (others) => others)).toThrow("are being changed by another command");
    return all;
  });
});

test("a file that others may write, or that is none of ours, is not believed", () => {
  const path = place();
  changeAccounts(path, () => [account("ada")]);
  chmodSync(path, 0o666);
  expect(() => readAccounts(path)).toThrow("chmod 600");
  chmodSync(path, 0o600);
  for (const text of ["", "[]", '{"version":2,"accounts":[]}', '{"version":1,"accounts":[{"name":"ADA"}]}']) {
    writeFileSync(path, text);
    expect(() => readAccounts(path)).toThrow(path);
  }
});
