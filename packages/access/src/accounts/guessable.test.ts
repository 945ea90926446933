import { expect, test } from "vitest";
import { guessableProblem } from "./guessable.ts";
import { digestBytes } from "./known-digest.ts";
import { knownPasswords } from "./known-passwords.ts";

const known = ["ada", "Ada Lovelace", "downbeat.example.com"];

test.each([
  ["123qweasdzxc", "the most used that is long enough"],
  ["Neversaynever", "in the list, with a capital"],
  ["passwordpassword", "a common one twice"],
  ["password1234", "a common one with numbers"],
  ["P4ssw0rd!P4ssw0rd!", "a common one with other signs"],
  ["qwertyuiop123", "keys in a row"],
  ["iloveyoubaby", "in every list"],
])("%s is guessed first: %s", async (password) => {
  expect(await guessableProblem(password, known)).toContain("among those that are tried first");
});

test.each([
  "Downbeat Downbeat",
  "adalovelace1815",
  "downbeat.example.com",
  "Ada's Downbeat 26",
  "ＤＯＷＮＢＥＡＴ2026",
])("%s is nothing but names that anybody knows", async (password) => {
  expect(await guessableProblem(password, known)).toContain("Apart from names that anybody knows");
});

test.each(["ｉｌｏｖｅｙｏｕ１２３４５６", "ｐａｓｓｗｏｒｄ１２３４５６"])(
  "%s is no better in full width",
  async (password) => {
    expect(await guessableProblem(password, known)).toBeDefined();
  },
);

test.each(["D0wnb34t!2026", "L0vel4ce#1815"])("%s is such a name in other signs", async (password) => {
  expect(await guessableProblem(password, known)).toBeDefined();
});

test.each([
  "correct horse battery",
  "seven quiet horses",
  "mein Hund heißt Bello",
  "x8#kQ2!vLp9z",
  "ada counts seven quiet horses",
  "よく眠る七頭の静かな馬たち",
  "quiet horses ".repeat(19),
])("%s is not", async (password) => {
  expect(await guessableProblem(password, known)).toBeUndefined();
});

test("as many of the most used passwords are known as ASVS asks for, and more", () => {
  expect(Buffer.from(knownPasswords, "base64")).toHaveLength(10_000 * digestBytes);
});

test("an account without another name is no reason to refuse everything", async () => {
  expect(await guessableProblem("seven quiet horses", [undefined, "", "a"])).toBeUndefined();
});
