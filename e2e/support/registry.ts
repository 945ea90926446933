import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

interface Packed {
  readonly file: string;
  readonly manifest: { readonly name: string; readonly version: string };
}

export interface Registry extends AsyncDisposable {
  readonly url: string;
}

/**
 * A registry as npm asks it, which has the given tarballs; for everything else it leads to the one that npm uses here.
 *
 * @param folder of tarballs
 */
export async function registryOf(folder: string, upstream: string): Promise<Registry> {
  const packed = globSync("*.tgz", { cwd: folder }).map((file): Packed => {
    const path = join(folder, file);
    return { file: path, manifest: manifestIn(gunzipSync(readFileSync(path))) };
  });
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://registry").pathname).slice(1);
    const tarball = packed.find(({ file }) => path === `-/${basename(file)}`);
    if (tarball !== undefined) return void response.end(readFileSync(tarball.file));
    const one = packed.find(({ manifest }) => manifest.name === path);
    if (one === undefined) {
      response.writeHead(307, { location: new URL(request.url?.slice(1) ?? "", upstream).href });
      return void response.end();
    }
    const { name, version } = one.manifest;
    const integrity = `sha512-${createHash("sha512").update(readFileSync(one.file)).digest("base64")}`;
    const dist = { tarball: `http://${request.headers.host}/-/${basename(one.file)}`, integrity };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { ...one.manifest, dist } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Of `package/package.json` in a tar archive. */
function manifestIn(tar: Buffer): Packed["manifest"] {
  for (let at = 0; at < tar.length; ) {
    const name = tar.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    if (name === "package/package.json") return JSON.parse(tar.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil((size || 0) / 512) * 512;
  }
  throw new Error("The tarball has no package.json.");
}
