import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noteToken } from "@downbeat/wire";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { sessionLife } from "../src/session-life.ts";
import { signIn } from "../src/sign-in.ts";
import { expiryOf } from "../src/web-token.ts";
import { webToken } from "./web-token.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-token-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a token", () => {
  test("says when it ends, if it is a JSON Web Token with an end", () => {
    expect(expiryOf(webToken({ exp: 1_800_000_000 }))).toBe(1_800_000_000_000);
    expect(expiryOf(webToken({ sub: "engine" }))).toBeUndefined();
    expect(expiryOf(webToken({ exp: "soon" }))).toBeUndefined();
    expect(expiryOf("not.base64 json.x")).toBeUndefined();
    expect(expiryOf("opaque")).toBeUndefined();
  });

  test("in a file is read again each time, and goes before the one given", async () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "first\n");
    const options = { token: "given", tokenFile };
    expect((await signIn(options)).headers).toEqual({ authorization: "Bearer first" });
    writeFileSync(tokenFile, "second\n");
    expect((await signIn(options)).headers).toEqual({ authorization: "Bearer second" });
    expect((await signIn({ token: "given" })).headers).toEqual({ authorization: "Bearer given" });
    expect(await signIn({})).toEqual({ headers: {}, tls: {} });
  });

  test("of an embedded log that this user runs is found by its address, where nothing else is given", async () => {
    vi.stubEnv("HOME", folder);
    vi.stubEnv("USERPROFILE", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const tokenFile = join(folder, "log.token");
    writeFileSync(tokenFile, "found\n");
    noteToken("ws://127.0.0.1:8080", tokenFile);
    const at = "http://localhost:8080";
    expect((await signIn({}, at)).headers).toEqual({ authorization: "Bearer found" });
    expect((await signIn({ token: "given" }, at)).headers).toEqual({ authorization: "Bearer given" });
    expect((await signIn({}, "http://localhost:8081")).headers).toEqual({});
    expect((await signIn({}, "https://localhost:8080")).headers).toEqual({});
    expect((await signIn({})).headers).toEqual({});
    writeFileSync(tokenFile, "replaced\n");
    expect((await signIn({}, at)).headers).toEqual({ authorization: "Bearer replaced" });
    rmSync(tokenFile);
    await expect(signIn({}, at)).rejects.toThrow(`The token file ${tokenFile} can't be read (ENOENT).`);
  });

  test("file that is missing, empty or holds something else is said so, without what it holds", async () => {
    const tokenFile = join(folder, "token");
    const refused = (message: RegExp) =>
      expect(signIn({ tokenFile })).rejects.toMatchObject({
        code: "unauthorized",
        message: expect.stringMatching(message),
      });
    await refused(/token can't be read \(ENOENT\)/);
    writeFileSync(tokenFile, " \n");
    await refused(/is empty/);
    writeFileSync(tokenFile, "se cret");
    await refused(/^(?!.*cret).*holds no token/);
    await expect(signIn({ token: "se\ncret" })).rejects.toMatchObject({
      code: "unauthorized",
      message: "The token holds characters that no token has.",
    });
  });
});

describe("a session lasts", () => {
  const life = (expiresAt: number | undefined, maxAgeMs?: number, random = 0.5) =>
    sessionLife({ now: 1_000_000, expiresAt, maxAgeMs, random: () => random });

  test("as long as it holds, when nothing limits it", () => {
    expect(life(undefined)).toBeUndefined();
  });

  test("most of its token's time, not all sessions equally long", () => {
    const hour = 3_600_000;
    expect(life(1_000_000 + hour, undefined, 0)).toBe(0.8 * hour);
    expect(life(1_000_000 + hour, undefined, 1)).toBe(0.95 * hour);
    expect(life(undefined, hour, 0)).toBe(0.8 * hour);
    expect(life(1_000_000 + hour, hour / 2, 0)).toBe(0.4 * hour);
  });

  test("to the end of its token when that is near, and is not renewed again and again before", () => {
    expect(life(1_020_000)).toBe(20_000);
    expect(life(1_031_000, undefined, 0)).toBe(30_000);
    expect(life(900_000)).toBe(0);
  });
});
