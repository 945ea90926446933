import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writableDirectory } from "./data-directory.ts";

test("a data directory is made with all that leads to it, and is refused where none can be", () => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-data-"));
  try {
    const wanted = join(folder, "a", "b");
    expect(writableDirectory(wanted)).toBe(wanted);
    expect(writableDirectory(wanted)).toBe(wanted);
    expect(statSync(wanted).isDirectory()).toBe(true);
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => writableDirectory(file)).toThrow(/can't be written\. Choose another/);
    expect(() => writableDirectory(join(file, "below"))).toThrow(/can't be written/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.runIf(process.platform === "linux")("a directory that takes no entries is refused at once", () => {
  // In a process of its own, which can be ended: what hangs is a call that never returns.
  const module = join(import.meta.dirname, "data-directory.ts");
  const code = `import(${JSON.stringify(module)}).then((m) => { try { m.writableDirectory("/proc/x") } catch (e) { console.log(e.message) } })`;
  const said = execFileSync(process.execPath, ["-e", code], { encoding: "utf8", timeout: 20_000 });
  expect(said).toMatch(/^The data directory \/proc\/x can't be written\./);
});
