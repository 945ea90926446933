import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Asked, UsageError } from "./arguments.ts";

const templates = join(import.meta.dirname, "..", "templates");

/**
 * Writes the project.
 *
 * @returns its folder
 * @throws UsageError when there is something in the folder already, or no package can be named after it
 */
export function writeProject({ folder, language }: Asked, from: string, version: string): string {
  const to = resolve(from, folder);
  const name = packageName(basename(to));
  if (existsSync(to) && readdirSync(to).some((file) => file !== ".git"))
    throw new UsageError(`${to} isn't empty: choose another folder.`);
  mkdirSync(to, { recursive: true });
  cpSync(join(templates, language), to, { recursive: true });
  // npm would leave a file of this name out of the package, or take it for its own.
  renameSync(join(to, "gitignore"), join(to, ".gitignore"));
  for (const file of ["package.json", "README.md"]) {
    const text = readFileSync(join(to, file), "utf8");
    writeFileSync(join(to, file), text.replaceAll("{{name}}", name).replaceAll("{{version}}", version));
  }
  return to;
}

/** As npm takes it: lower case, and none of the signs that mean something in an address. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._~-]+/g, "-")
    .replace(/^[._-]+/, "")
    .replace(/-+$/, "");
  if (name === "" || name.length > 214)
    throw new UsageError(`No package can be named after ${folder}: choose another folder.`);
  return name;
}
