import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { RestartedProcess } from "../src/dev/restarted-process.ts";

vi.setConfig({ testTimeout: 60_000 });

/** @param program knows its `turn`, 0 the first time */
function run(program: string) {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-restarted-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "child.mjs");
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from "node:fs";
const turns = ${JSON.stringify(join(folder, "turns"))};
appendFileSync(turns, ".");
const turn = readFileSync(turns, "utf8").length - 1;
const ready = () => process.send({ type: "ready" }, () => {});
${program}`,
  );
  const said: string[] = [];
  const process = new RestartedProcess({
    ...{ file, args: [] },
    onReady: (isAgain) => void said.push(isAgain ? "ready again" : "ready"),
    onFailed: (words) => void said.push(`failed: ${words.trim()}`),
    onSlow: () => {},
    onEnded: (how) => void said.push(how),
  });
  onTestFinished(() => process.stop());
  return { process, said };
}

test("one that was ready is started again, though it ends before it is ready the next time", async () => {
  const { said } = run(`
    if (turn === 1) process.exit(7);
    ready();
    if (turn === 0) setTimeout(() => process.exit(7), 50);
    else setInterval(() => {}, 1_000);`);
  await vi.waitFor(() => expect(said.at(-1)).toBe("ready again"), { timeout: 50_000 });
  expect(said).toEqual(["ready", "ended with exit status 7", "ended with exit status 7", "ready again"]);
});

test("one that can't begin says so, and is started again when it is told to", async () => {
  const { process, said } = run(`
    if (turn === 0) { console.error("no such module"); process.exitCode = 1; }
    else { ready(); setInterval(() => {}, 1_000); }`);
  await vi.waitFor(() => expect(said).toEqual(["failed: no such module"]), { timeout: 50_000 });
  process.restart();
  await vi.waitFor(() => expect(said.at(-1)).toBe("ready"), { timeout: 50_000 });
});
