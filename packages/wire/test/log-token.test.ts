import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askedTokenFile, noteToken, tokenAsked, tokenFileOf } from "../src/log-token.ts";

let folder: string;
let notes: string;
let project: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-note-"));
  notes = join(folder, "notes");
  project = join(folder, "project");
  mkdirSync(join(project, ".downbeat"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const found = (url: string) => tokenFileOf(url, { notes, project });
const note = (port: number, pid: number, tokenFile = "/data/log.token") => {
  mkdirSync(notes, { recursive: true });
  const text = JSON.stringify({ url: `ws://127.0.0.1:${port}`, tokenFile, pid });
  writeFileSync(join(notes, `${port}.json`), text);
};
/** Of a process that was there. */
const gone = () => spawnSync(process.execPath, ["-e", ""]).pid;

describe("the token of a log that this user runs", () => {
  test("is found by its address and the machine's name for itself, and not at others where somebody else may listen", async () => {
    noteToken("ws://127.0.0.1:8080", "/data/log.token", notes);
    for (const protocol of ["ws", "http"]) {
      for (const host of ["127.0.0.1", "localhost"])
        expect(await found(`${protocol}://${host}:8080`)).toBe("/data/log.token");
      for (const host of ["[::1]", "127.0.0.2"])
        expect(await found(`${protocol}://${host}:8080`)).toBeUndefined();
    }
  });

  test("is told apart from that of another log, at another port", async () => {
    noteToken("ws://127.0.0.1:8080", "/one/log.token", notes);
    noteToken("ws://127.0.0.1:8081", "/other/log.token", notes);
    expect(await found("ws://127.0.0.1:8080")).toBe("/one/log.token");
    expect(await found("ws://127.0.0.1:8081")).toBe("/other/log.token");
    expect(await found("ws://127.0.0.1:8082")).toBeUndefined();
  });

  test("is not looked for at addresses of other machines, over TLS, or at what is no address", async () => {
    noteToken("ws://127.0.0.1:8080", "/data/log.token", notes);
    for (const url of [
      "ws://pulsar:8080",
      "wss://127.0.0.1:8080",
      "https://localhost:8080",
      "pulsar://127.0.0.1:8080",
      "",
      "x",
    ])
      expect(await found(url)).toBeUndefined();
  });

  test("is noted where nobody else can read it, and no longer when the log is closed", async () => {
    const forget = noteToken("ws://127.0.0.1:8080", "/data/log.token", notes);
    expect(statSync(notes).mode & 0o077).toBe(0);
    expect(statSync(join(notes, "8080.json")).mode & 0o077).toBe(0);
    forget();
    expect(await found("ws://127.0.0.1:8080")).toBeUndefined();
    // As another one does that was quicker.
    note(8080, process.ppid, "/next/log.token");
    forget();
    expect(await found("ws://127.0.0.1:8080")).toBe("/next/log.token");
  });

  test("is shown to nobody who listens there when the log's process is gone, and its note is cleared away by the next", async () => {
    note(8080, gone());
    writeFileSync(
      join(project, ".downbeat", "log.address"),
      JSON.stringify({ url: "ws://127.0.0.1:8080", token: "t", pid: gone() }),
    );
    expect(await found("ws://127.0.0.1:8080")).toBeUndefined();
    noteToken("ws://127.0.0.1:8081", "/data/log.token", notes);
    expect(readdirSync(notes)).toEqual(["8081.json"]);
  });

  test("is found in the project's folder where nothing could be noted", async () => {
    const address = join(project, ".downbeat", "log.address");
    const at = (url: string) => writeFileSync(address, JSON.stringify({ url, token: "t", pid: process.pid }));
    at("ws://127.0.0.1:8080");
    expect(await found("ws://localhost:8080")).toBe(join(project, ".downbeat", "log.token"));
    at("ws://127.0.0.1:8081");
    expect(await found("ws://localhost:8080")).toBeUndefined();
    // As an earlier release writes it.
    writeFileSync(address, JSON.stringify({ url: "ws://127.0.0.1:8080", token: "t" }));
    expect(await found("ws://localhost:8080")).toBeUndefined();
  });

  test("is none where a note is something else", async () => {
    mkdirSync(notes);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.constant('{"pid":1}')), async (text) => {
        writeFileSync(join(notes, "8080.json"), text);
        writeFileSync(join(project, ".downbeat", "log.address"), text);
        expect(await found("ws://127.0.0.1:8080")).toBeUndefined();
      }),
    );
    // It is written over.
    noteToken("ws://127.0.0.1:8080", "/data/log.token", notes);
    expect(await found("ws://127.0.0.1:8080")).toBe("/data/log.token");
  });
});

test("what a log says that asks for its token is known by who hears it", () => {
  expect(askedTokenFile(tokenAsked("/a b/log.token"))).toBe("/a b/log.token");
  expect(askedTokenFile("Authentication required")).toBeUndefined();
});
