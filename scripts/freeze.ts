import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { bundle } from "./pack/bundle.ts";

const help = `node scripts/freeze.ts <name> [--of <folder>]

Keeps the engine as it is now, under this name, for the test that has later engines work beside it on one log: its own code in
apps/engine/test/releases/<name>.json.gz, without what is installed beside it. Run it with each release.

  --of <folder>  a checkout of another version, with its packages installed`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { of: { type: "string" }, help: { type: "boolean", default: false } },
});
const [name] = positionals;
if (values.help || name === undefined || !/^[\w.-]+$/.test(name)) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}

const here = join(import.meta.dirname, "..");
const root = values.of ?? here;
const built = join(here, ".cache", "freeze");
rmSync(built, { recursive: true, force: true });
await bundle(root, { folder: "apps/engine", typed: false, alsoBundled: [] }, { main: "src/main.ts" }, built);
const files = globSync("*.js", { cwd: built }).sort();
// Its source maps are left behind.
const texts = files.map((file) => [
  file,
  readFileSync(join(built, file), "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
]);
const to = join(here, "apps", "engine", "test", "releases");
mkdirSync(to, { recursive: true });
const packed = gzipSync(JSON.stringify(Object.fromEntries(texts)), { level: 9 });
writeFileSync(join(to, `${name}.json.gz`), packed);
console.log(`${name}: ${files.length} files, ${packed.length} bytes`);
