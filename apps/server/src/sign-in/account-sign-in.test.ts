import { scryptSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountBook, changeAccounts, hashPassword } from "@downbeat/access";
import { expect, onTestFinished, test, vi } from "vitest";
import { AccountSignIn, plausibleName } from "./account-sign-in.ts";

vi.setConfig({ testTimeout: 60_000 });

const password = "correct horse battery";
const hash = hashPassword(password);
/** Looked at in no time, for tests with many attempts. */
const cheapHash = ((salt) =>
  `scrypt$N=16,r=1,p=1$${salt.toString("base64url")}$${scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 }).toString("base64url")}`)(
  Buffer.alloc(16),
);

async function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-accounts-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "accounts.json");
  const made = { groups: [], password: await hash, sessionsSince: 0 };
  changeAccounts(path, () => [
    { ...made, name: "ada", isDisabled: false },
    { ...made, name: "grace", isDisabled: true },
    { ...made, name: "lin", isDisabled: false, password: cheapHash },
  ]);
  const world = { now: 0 };
  const now = () => world.now;
  const book = new AccountBook({ path, now, onTrouble: () => {} });
  const signIn = new AccountSignIn(book, now);
  const types = async (name: string, given: string, times: number, network = "1.2.3.4") => {
    const attempts = Array.from({ length: times }, () => signIn.attempt(name, given, network));
    return (await Promise.all(attempts)).map(({ type }) => type);
  };
  const give = async (name: string, given: string) => {
    const another = await hashPassword(given);
    changeAccounts(path, (all) =>
      all.map((one) => (one.name === name ? { ...one, password: another } : one)),
    );
  };
  return { world, signIn, types, give };
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

test("after some wrong ones even the right password has to wait, and then is right", async () => {
  const { world, signIn, types } = await stage();
  expect(await types("ada", "wrong", 8)).toEqual([...Array(5).fill("wrong"), ...Array(3).fill("later")]);
  expect(await signIn.attempt("ada", password, "1.2.3.4")).toEqual({ type: "later", afterMs: 1_000 });
  world.now += 1_000;
  expect(await types("ada", password, 1)).toEqual(["right"]);
  expect(await types("ada", "wrong", 5)).toEqual(Array(5).fill("wrong"));
});

test("who guesses at an account keeps nobody at another address from it", async () => {
  const { signIn, types } = await stage();
  expect(await types("ada", "wrong", 8)).toContain("later");
  expect((await signIn.attempt("ada", password, "5.6.7.8")).type).toBe("right");
});

test("an account at which very many guess waits a minute at most, and never for who signed in there before", async () => {
  const { world, signIn, types } = await stage();
  expect(await types("lin", password, 1, "home")).toEqual(["right"]);
  for (let number = 0; number < 110; number++) {
    await types("lin", "wrong", 1, `10.0.0.${number}`);
    if (number >= 100) world.now += 60_000;
  }
  await types("lin", "wrong", 1, "10.0.1.1");
  expect(await signIn.attempt("lin", password, "5.6.7.8")).toEqual({ type: "later", afterMs: 60_000 });
  expect(await types("lin", password, 1, "home")).toEqual(["right"]);
  world.now += 60_000;
  expect(await types("lin", password, 1, "5.6.7.8")).toEqual(["right"]);
});

test("with another password nothing is held against an account any more", async () => {
  const { world, types, give } = await stage();
  expect(await types("ada", "wrong", 8)).toContain("later");
  await give("ada", "another good password");
  world.now += 500;
  expect(await types("ada", "another good password", 1)).toEqual(["right"]);
});

test("what can be no account's name is counted as one", async () => {
  const { signIn } = await stage();
  const attempts: string[] = [];
  for (let number = 0; number < 6; number++)
    attempts.push((await signIn.attempt(`${"x".repeat(8_000)}${number}`, "wrong", "1.2.3.4")).type);
  expect(attempts).toEqual([...Array(5).fill("wrong"), "later"]);
  expect(["ada", "Ada", "", "my secret password", "x".repeat(61)].map(plausibleName)).toEqual([
    "ada",
    ...Array(4).fill(undefined),
  ]);
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
