import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountBook, changeAccounts, hashPassword } from "@downbeat/access";
import { expect, onTestFinished, test, vi } from "vitest";
import { AccountSignIn } from "./account-sign-in.ts";

vi.setConfig({ testTimeout: 60_000 });

const password = "correct horse battery";
const hash = hashPassword(password);

async function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-accounts-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "accounts.json");
  const made = { groups: [], password: await hash, sessionsSince: 0 };
  changeAccounts(path, () => [
    { ...made, name: "ada", isDisabled: false },
    { ...made, name: "grace", isDisabled: true },
  ]);
  const world = { now: 0 };
  const now = () => world.now;
  const book = new AccountBook({ path, now, onTrouble: () => {} });
  const signIn = new AccountSignIn(book, now);
  const types = async (name: string, given: string, times: number, network = "1.2.3.4") => {
    const attempts = Array.from({ length: times }, () => signIn.attempt(name, given, network));
    return (await Promise.all(attempts)).map(({ type }) => type);
  };
  return { world, signIn, types };
}

test("a name and its password are right, and no other pair is", async () => {
  const { types } = await stage();
  expect(await types("ada", password, 1)).toEqual(["right"]);
  expect(await types("ada", `${password}!`, 1)).toEqual(["wrong"]);
  expect(await types("ada", password.padEnd(300, "x"), 1)).toEqual(["wrong"]);
  expect(await types("grace", password, 1)).toEqual(["wrong"]);
  expect(await types("nobody", password, 1)).toEqual(["wrong"]);
  expect(await types("", "", 1)).toEqual(["wrong"]);
});

test("after some wrong ones even the right password has to wait, at whatever address, and then is right", async () => {
  const { world, signIn, types } = await stage();
  expect(await types("ada", "wrong", 8)).toEqual([...Array(5).fill("wrong"), ...Array(3).fill("later")]);
  expect(await signIn.attempt("ada", password, "5.6.7.8")).toEqual({ type: "later", afterMs: 1_000 });
  world.now += 1_000;
  expect(await types("ada", password, 1)).toEqual(["right"]);
  expect(await types("ada", "wrong", 5)).toEqual(Array(5).fill("wrong"));
});

test("many names tried from one address have to wait, and nobody at another address has", async () => {
  const { signIn, types } = await stage();
  for (let number = 0; number < 21; number++) await types(`guess-${number}`, "wrong", 1);
  expect(await types("ada", password, 1)).toEqual(["later"]);
  expect((await signIn.attempt("ada", password, "5.6.7.8")).type).toBe("right");
});

test("more than can be looked at soon are told so, and cost nobody an attempt", async () => {
  const { signIn } = await stage();
  const attempts = Array.from({ length: 40 }, (_, number) =>
    signIn.attempt(`guess-${number}`, "x", `10.0.0.${number}`),
  );
  const types = (await Promise.all(attempts)).map(({ type }) => type);
  expect(types.filter((type) => type === "busy")).toHaveLength(18);
  expect((await signIn.attempt("ada", password, "10.0.0.39")).type).toBe("right");
});
