import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountBook, changeAccounts, hashPassword, isPassword } from "@downbeat/access";
import { expect, onTestFinished, test, vi } from "vitest";
import { AccountSignIn } from "../sign-in/account-sign-in.ts";
import { OwnPassword } from "./own-password.ts";

vi.setConfig({ testTimeout: 60_000 });

const [old, wanted, reset] = ["correct horse battery", "seven quiet horses", "nine loud geese walk"];

async function stage(meanwhile: (path: string) => void) {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-own-password-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const accountsFile = join(directory, "accounts.json");
  const made = { groups: [], password: await hashPassword(old), sessionsSince: 0, isDisabled: false };
  changeAccounts(accountsFile, () => [{ ...made, name: "ada" }]);
  const now = () => 1;
  const accounts = new AccountBook({ path: accountsFile, now, onTrouble: () => {} });
  const own = new OwnPassword(
    {
      access: {},
      accountsFile,
      accounts,
      files: { expect: async () => meanwhile(accountsFile) },
      signIn: new AccountSignIn(accounts, now),
      now,
    },
    { name: "ada", network: "1.2.3.4" },
  );
  const hashNow = (): string => JSON.parse(readFileSync(accountsFile, "utf8")).accounts[0]?.password;
  return { own, hashNow };
}

test("whoever knows the current password gives another one", async () => {
  const { own, hashNow } = await stage(() => {});
  await own.change({ current: old, wanted });
  expect(await isPassword(wanted, hashNow())).toBe(true);
});

test("one that an administrator sets while it is being changed stays, and so does a removal", async () => {
  const another = await hashPassword(reset);
  const { own, hashNow } = await stage((path) =>
    changeAccounts(path, (all) => all.map((one) => ({ ...one, password: another }))),
  );
  await expect(own.change({ current: old, wanted })).rejects.toThrow("changed by somebody else meanwhile");
  expect(hashNow()).toBe(another);
  const gone = await stage((path) => changeAccounts(path, () => []));
  await expect(gone.own.change({ current: old, wanted })).rejects.toThrow(
    "changed by somebody else meanwhile",
  );
  expect(gone.hashNow()).toBeUndefined();
});
