import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packAll } from "./pack/pack-all.ts";

/** `npm run pack [-- --to <folder>]`: writes what is published as tarballs, has them looked at, and says beside each what it is made of (CycloneDX). */

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { to: { type: "string", default: join(root, "tarballs") } } });
const tarballs = await packAll(root, resolve(values.to));
for (const tarball of tarballs)
  console.log(`${relative(root, tarball)}  ${(statSync(tarball).size / 1_000_000).toFixed(1)} MB`);
