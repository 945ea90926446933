import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { builtFiles } from "./built-files.ts";

const code = `export const text = "${"long ".repeat(200)}";`;

/** A server of one script, with and without its compressed form. What isn't a built file is answered 404. */
async function served() {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-built-"));
  writeFileSync(join(folder, "a.js"), code);
  writeFileSync(join(folder, "a.js.br"), brotliCompressSync(code));
  const files = builtFiles(folder, "/_next/static");
  // Another build takes its place: what an open tab asks for is there all the same.
  rmSync(folder, { recursive: true });
  const server = createServer((asked, answer) => {
    if (!files(asked, answer)) answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return (path: string, headers: Record<string, string> = {}, method = "GET") =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        request({ port, path, headers, method, agent: false }, async (answer) => {
          const parts: Buffer[] = [];
          for await (const part of answer) parts.push(part);
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) });
        })
          .on("error", reject)
          .end();
      },
    );
}

test("a script comes as it was compressed when it was built, to who takes it", async () => {
  const ask = await served();
  const packed = await ask("/_next/static/a.js?dpl=1", { "accept-encoding": "gzip, br;q=0.9" });
  expect(packed.headers).toMatchObject({
    "content-encoding": "br",
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": expect.stringContaining("immutable"),
    vary: "accept-encoding",
  });
  expect(brotliDecompressSync(packed.body).toString()).toBe(code);
  for (const taken of ["", "gzip", "br;q=0", "brotli"]) {
    const plain = await ask("/_next/static/a.js", { "accept-encoding": taken });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.body.toString()).toBe(code);
  }
});

test("whatever is asked of a script, the next one is answered", async () => {
  const ask = await served();
  for (const range of ["bytes=5-2", "bytes=-0", "bytes=99999-", "lines=1-2", "bytes=a-b"])
    expect(await ask("/_next/static/a.js", { range })).toMatchObject({ status: 200 });
  expect((await ask("/_next/static/a.js", {}, "HEAD")).body).toHaveLength(0);
});

test("what is no built file, and what doesn't read one, is somebody else's to answer", async () => {
  const ask = await served();
  for (const path of [
    "/_next/static/b.js",
    "/_next/static/../a.js",
    "/_next/static/a.js.br",
    "/_next/static/",
    "/runs",
  ])
    expect(await ask(path)).toMatchObject({ status: 404 });
  expect(await ask("/_next/static/a.js", {}, "POST")).toMatchObject({ status: 404 });
});
