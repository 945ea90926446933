import { globSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const docs = resolve(import.meta.dirname, "..");

export interface Page {
  /** Beside `docs`, such as `decisions/0001-protocol-package.md`. */
  readonly path: string;
  readonly text: string;
}

/** All pages that people write; what is made from source is not among them. */
export async function pages(): Promise<Page[]> {
  const names = await readdir(docs, { recursive: true });
  const paths = names.filter(
    (name) => name.endsWith(".md") && !/^(node_modules|reference|\.vitepress)\//.test(name),
  );
  return Promise.all(
    paths.toSorted().map(async (path) => ({ path, text: await readFile(join(docs, path), "utf8") })),
  );
}

/** Of the repository, of what it publishes, and of what is written into people's projects. */
export async function readmes(): Promise<Page[]> {
  const paths = globSync(
    ["README.md", "CONTRIBUTING.md", "{apps,packages}/*/README.md", "apps/create/templates/*/README.md"],
    {
      cwd: join(docs, ".."),
    },
  );
  return Promise.all(
    paths.toSorted().map(async (path) => ({
      path: join("..", path),
      text: await readFile(join(docs, "..", path), "utf8"),
    })),
  );
}
