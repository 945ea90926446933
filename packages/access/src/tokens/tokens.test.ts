import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changeTokens, newToken, standingOfToken, TokenBook } from "./tokens.ts";

function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-tokens-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "tokens.json");
  const world = { now: 0, wall: 1_000 };
  const { text, token } = newToken({
    name: "ci",
    role: "operator",
    in: ["acme/*"],
    madeAt: 0,
    endsAt: 5_000,
  });
  changeTokens(path, () => [token]);
  const book = new TokenBook({ path, now: () => world.now, onTrouble: () => {} }, () => world.wall);
  return { path, world, text, token, book };
}

/** A secret may itself hold what stands between the parts. */
const secretOf = (text: string) => text.slice("downbeat_".length + 12 + 1);

test("a token is known again by its text, which stands nowhere, until it ends", () => {
  const { path, world, text, token, book } = stage();
  expect(book.find(text)).toEqual(token);
  expect(readFileSync(path, "utf8")).not.toContain(secretOf(text));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  world.wall = 5_000;
  expect(book.find(text)).toBeUndefined();
});

test("nothing else is a token", () => {
  const { text, token, book } = stage();
  const other = newToken({ ...token }).text;
  const secret = secretOf(other);
  for (const given of [
    "",
    "x",
    `${text}x`,
    text.slice(0, -1),
    text.toUpperCase(),
    other,
    `downbeat_${token.id}_${secret.slice(0, 43)}`,
    `downbeat_${token.id}_${token.hash}`,
  ])
    expect(book.find(given)).toBeUndefined();
});

test("a token that is withdrawn is none within a second", () => {
  const { path, world, text, book } = stage();
  expect(book.find(text)).toBeDefined();
  changeTokens(path, () => []);
  world.now = 1_000;
  expect(book.find(text)).toBeUndefined();
});

test("a token has its role where it is for, and none elsewhere", () => {
  const { token } = stage();
  expect(standingOfToken(token, { tenant: "acme", namespace: "orders" }).role).toBe("operator");
  expect(standingOfToken(token, { tenant: "other", namespace: "orders" })).toEqual({
    refusal: "The token ci is not for other/orders.",
  });
});
