import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { packAll } from "./pack/pack-all.ts";

/** `npm run pack`: writes what is published as tarballs, and has them looked at. */

const root = join(import.meta.dirname, "..");
const tarballs = await packAll(root, join(root, "tarballs"));
for (const tarball of tarballs)
  console.log(`${relative(root, tarball)}  ${(statSync(tarball).size / 1_000_000).toFixed(1)} MB`);
