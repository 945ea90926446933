import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { documentedOutputs, plainOutput } from "./documented.ts";
import { jestProject, jestVersion } from "./jest-project.ts";
import { install, isFree, run, startDev, writeFiles } from "./project.ts";
import { expectedResult, samples } from "./samples.ts";

const root = join(import.meta.dirname, "..", "..");
const versions = { "22": "22.23.3", "24": "24.21.0" } as const;
const packMs = 280_000;
type Version = keyof typeof versions;

const place = mkdtempSync(join(tmpdir(), "downbeat-consumers-"));
const nodes: Record<string, string> = {};
let tarballs: readonly string[] = [];

beforeAll(async () => {
  for (const version of Object.keys(versions)) nodes[version] = await nodeOf(version as Version);
  tarballs = await packed(join(place, "tarballs"));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/**
 * publint and are-the-types-wrong have their say here. In a process of its own: it blocks for minutes and has native code, and what
 * happens to it must not happen to the tests.
 */
async function packed(to: string): Promise<string[]> {
  const args = [join(root, "scripts", "pack.ts"), "--to", to];
  await promisify(execFile)(process.execPath, args, { cwd: root, timeout: packMs }).catch(
    ({ code, signal, stdout, stderr }) => {
      throw new Error(`Packing ended with ${signal ?? code}.\n${stdout}${stderr}`);
    },
  );
  return globSync("*.tgz", { cwd: to }).map((file) => join(to, file));
}

/** npm's package `node` brings every version; it is fetched once. */
async function nodeOf(version: Version): Promise<string> {
  const folder = join(root, ".cache", "consumers", `node-${versions[version]}`);
  const node = join(folder, "node_modules", "node", "bin", "node");
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true, "allowScripts": { "node": true } }');
    await install(folder, process.execPath, [`node@${versions[version]}`]);
  }
  return node;
}

const nodeFor = (version: Version): string => nodes[version] ?? process.execPath;
const tarball = (name: string): string => tarballs.find((file) => file.includes(`/${name}-`)) ?? name;
const runtime = () => [tarball("downbeat-sdk"), tarballs.find((file) => /\/downbeat-\d/.test(file)) ?? ""];
const everyVersion = Object.keys(versions) as Version[];

describe("the tarballs", () => {
  test("hold their licence, and nothing of where they were made", async () => {
    for (const file of tarballs) {
      const folder = join(place, "unpacked", String(tarballs.indexOf(file)));
      mkdirSync(folder, { recursive: true });
      await run(folder, process.execPath, "tar", ["-xzf", file]);
      const files = globSync("package/**/*", { cwd: folder, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      expect(files.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["LICENSE", "NOTICE", "README.md"]),
      );
      const telling = files
        .map((one) => join(one.parentPath, one.name))
        .filter((path) => readFileSync(path, "latin1").includes(root));
      expect(telling).toEqual([]);
    }
  });
});

describe.each(samples)("$name", ({ name, files, devDependencies, compiled, start }) => {
  const folder = join(place, name.replaceAll(/\W+/g, "-"));

  beforeAll(async () => {
    writeFiles(folder, files);
    const tools = Object.entries(devDependencies).map(([tool, version]) => `${tool}@${version}`);
    await install(folder, process.execPath, [...runtime(), ...tools]);
  });

  if (compiled)
    test("compiles, with every declaration looked at", async () => {
      expect(await run(folder, process.execPath, "npx", ["tsc"]).catch(({ stdout }) => stdout)).toBe("");
    });

  test.each(everyVersion)("runs an own workflow to its end on Node %s, and stops", async (version) => {
    const node = nodeFor(version);
    await using dev = await startDev(folder, node);
    expect(dev.said()).toContain(`http://localhost:${new URL(dev.url).port}`);
    expect(dev.said()).not.toMatch(/warning/i);
    const printed = await startRun(folder, node, start, dev.logUrl);
    expect(JSON.parse(printed)).toEqual(expectedResult);
    const page = await fetch(`${dev.url}/public/default/runs`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("/_next/static/")]);
    expect(await run(folder, node, "npx", ["downbeat", "runs", "list", "--url", dev.url])).toContain(
      "completed",
    );
    await dev.stop();
    expect(dev.said()).toContain("Stopped.");
    expect(await Promise.all([isFree(dev.url), isFree(dev.logUrl)])).toEqual([true, true]);
  });
});

describe("a project that tests with Jest", () => {
  const folder = join(place, "jest");

  beforeAll(async () => {
    writeFiles(folder, jestProject);
    await install(folder, process.execPath, [tarball("downbeat-sdk"), `jest@${jestVersion}`]);
  });

  test.each(
    everyVersion.flatMap((version) => [
      [version, "with real timers", ["/test/"], 2] as const,
      [version, "with fake timers everywhere", ["/test/", "--config", "faked.config.js"], 2] as const,
      [version, "in TypeScript", ["--config", "typescript/jest.config.js"], 3] as const,
      // Jest requires ES modules from Node 24.9 on.
      ...(version === "22" ? [] : [[version, "in CommonJS", ["--config", "commonjs.config.js"], 1] as const]),
    ]),
  )("passes on Node %s, %s", async (version, _, more, numPassedTests) => {
    const node = nodeFor(version);
    const args = ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--json", ...more];
    const report: unknown = JSON.parse(await run(folder, node, node, args));
    expect(report).toMatchObject({ success: true, numPassedTests });
  });
});

describe.each(["typescript", "javascript"])("npm create downbeat, %s", (language) => {
  const folder = join(place, `created-${language}`);
  let created: () => string;

  beforeAll(async () => {
    const creating = join(place, `creating-${language}`);
    writeFiles(creating, { "package.json": '{ "private": true }' });
    await install(creating, process.execPath, [tarball("create-downbeat")]);
    const args = language === "javascript" ? ["--javascript"] : [];
    const printed = await run(creating, process.execPath, "npx", ["create-downbeat", folder, ...args]);
    created = () => printed;
    await install(folder, process.execPath, runtime());
  });

  test.each(everyVersion)("its own tests pass on Node %s", async (version) => {
    expect(await run(folder, nodeFor(version), "npm", ["test"])).toMatch(/pass 2\b[\s\S]*fail 0\b/);
  });

  if (language === "typescript")
    test("compiles", async () => {
      expect(await run(folder, process.execPath, "npx", ["tsc"]).catch(({ stdout }) => stdout)).toBe("");
    });

  if (language === "javascript")
    test("its run completes", async () => {
      const node = nodeFor("24");
      await using dev = await startDev(folder, node);
      expect(await startRun(folder, node, "src/start.js", dev.logUrl)).toContain("parcel with teapot");
      await dev.stop();
      expect(dev.said()).toContain("Stopped.");
    });
  else
    test("prints what the quick start says, command by command", async () => {
      const documented = documentedOutputs(readFileSync(join(root, "docs", "quick-start.md"), "utf8"));
      const node = nodeFor("22");
      const here = (text: string) =>
        plainOutput(
          text.replaceAll(folder, "/home/ada/my-app").replaceAll(`../created-${language}`, "my-app"),
        )
          // The bank of the project doesn't answer at each third first attempt.
          .replaceAll(/ attempt 2 of \d+$/gm, "");
      const said = new Map<string, (() => string)[]>([["npm create downbeat@latest my-app", [created]]]);
      await using dev = await startDev(folder, node);
      said.set("cd my-app\nnpm install\nnpm run dev", [dev.said]);
      const first = await startRun(folder, node, "src/start.ts", dev.logUrl);
      said.set("npm start", [() => first, dev.said]);
      const log = { DOWNBEAT_LOG_URL: dev.logUrl };
      const refused = await failed(run(folder, node, node, ["src/start.ts", "unicorn"], log));
      said.set("npm start -- unicorn", [() => refused]);
      const runId = /Started (\S+?);/.exec(refused)?.[1] ?? "";
      const shown = await run(folder, node, "npx", ["downbeat", "runs", "show", runId, "--url", dev.url]);
      said.set("npx downbeat runs show ID", [() => shown]);
      const tests = await run(folder, nodeFor("24"), "npm", ["test"]);
      said.set("npm test", [() => tests]);
      expect(documented.length).toBeGreaterThan(6);
      for (const { command, output } of documented) {
        const actual = said.get(plainOutput(command))?.shift();
        if (actual === undefined) throw new Error(`Nothing here does what the page says: ${command}`);
        for (const line of here(output).split("\n"))
          await vi.waitFor(() => expect(here(actual()).split("\n")).toContain(line), 30_000);
      }
      expect([...said].filter(([, left]) => left.length > 0)).toEqual([]);
      await dev.stop();
      expect(dev.said()).toContain("Stopped.");
    });
});

/** What a command has printed that fails, as it should. */
async function failed(command: Promise<string>): Promise<string> {
  const ended = await command.then(
    () => undefined,
    (error: unknown) => z.object({ code: z.literal(1), stdout: z.string(), stderr: z.string() }).parse(error),
  );
  if (ended === undefined) throw new Error("It did not fail.");
  return `${ended.stdout}${ended.stderr}`;
}

/** The project's own script. */
function startRun(folder: string, node: string, script: string, logUrl: string): Promise<string> {
  return run(folder, node, node, [script], { DOWNBEAT_LOG_URL: logUrl });
}
