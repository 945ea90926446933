import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** After `next build`: what browsers are sent of the build, compressed once as well as can be, instead of fairly well for each of them. */
const folder = join(import.meta.dirname, ".next", "static");
for (const file of globSync("**/*.{js,css,svg}", { cwd: folder })) {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
