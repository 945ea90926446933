import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packAll } from "./pack/pack-all.ts";

/** `npm run pack [-- --to <folder>]`: writes what is published as tarballs, and has them looked at. */

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { to: { type: "string", default: join(root, "tarballs") } } });
const tarballs = await packAll(root, resolve(values.to));
for (const tarball of tarballs)
  console.log(`${relative(root, tarball)}  ${(statSync(tarball).size / 1_000_000).toFixed(1)} MB`);
