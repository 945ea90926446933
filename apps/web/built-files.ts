import { globSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
};

/** By how well they compress; the endings are those that `compress.ts` gives. */
const encodings = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

interface BuiltFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly encoded: readonly { readonly name: string; readonly bytes: Buffer }[];
}

/**
 * Files of the build that are named by their content, as compressed as they were when it was built. They are few, and kept in memory from the start:
 * nothing can fail while one is sent, also where another build takes their place.
 *
 * @param prefix of their addresses
 * @returns answers a request for one of them; `false`: it is none, or asked for in another way than by reading all of it
 */
export function builtFiles(
  folder: string,
  prefix: string,
): (asked: IncomingMessage, answer: ServerResponse) => boolean {
  const files = new Map<string, BuiltFile>();
  const paths = new Set(globSync("**/*.*", { cwd: folder }));
  for (const path of paths) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const encoded = encodings
      .filter(({ ending }) => paths.has(path + ending))
      .map(({ name, ending }) => ({ name, bytes: readFileSync(join(folder, path + ending)) }));
    files.set(`${prefix}/${path}`, { type, plain: readFileSync(join(folder, path)), encoded });
  }
  return ({ method, url = "", headers }, answer) => {
    const file = files.get(url.split("?", 1)[0] ?? "");
    if (file === undefined || (method !== "GET" && method !== "HEAD")) return false;
    const taken = headers["accept-encoding"]?.toString() ?? "";
    const chosen = file.encoded.find(({ name }) => accepts(taken, name));
    const bytes = chosen?.bytes ?? file.plain;
    answer.writeHead(200, {
      "content-type": file.type,
      "content-length": bytes.length,
      "cache-control": "public, max-age=31536000, immutable",
      ...(file.encoded.length > 0 && { vary: "accept-encoding" }),
      ...(chosen !== undefined && { "content-encoding": chosen.name }),
    });
    answer.end(method === "HEAD" ? undefined : bytes);
    return true;
  };
}

/** RFC 9110, 12.5.3: listed, and not with a weight of nothing. */
function accepts(taken: string, name: string): boolean {
  return taken.split(",").some((each) => {
    const [coding, ...parameters] = each.split(";").map((part) => part.trim().toLowerCase());
    return coding === name && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
