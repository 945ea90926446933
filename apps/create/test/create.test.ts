import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = join(import.meta.dirname, "..", "bin", "create-downbeat.js");
let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "create-downbeat-"));
});
afterEach(() => rmSync(place, { recursive: true }));

function create(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: place,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, said: stdout + stderr };
}

const read = (file: string) => readFileSync(join(place, file), "utf8");

describe("npm create downbeat", () => {
  test("writes a project without a question, and says what is next", () => {
    const { status, said } = create("my-app");
    expect(said).toContain("cd my-app");
    expect(status).toBe(0);
    expect(readdirSync(join(place, "my-app")).toSorted()).toEqual(
      [".gitignore", "README.md", "package.json", "src", "tsconfig.json"].toSorted(),
    );
    expect(JSON.parse(read("my-app/package.json"))).toMatchObject({
      name: "my-app",
      dependencies: { "@downbeat/sdk": expect.stringMatching(/^\^\d+\.\d+\.\d+$/) },
    });
    expect(read("my-app/README.md")).toMatch(/^# my-app$/m);
  });

  test("writes plain JavaScript when that is asked for", () => {
    expect(create("my-app", "--javascript").status).toBe(0);
    const files = readdirSync(join(place, "my-app"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /\.ts$|tsconfig/.test(file))).toEqual([]);
    expect(files).toContain(join("src", "workflows.js"));
  });

  test("leaves no mark of the template behind", () => {
    create("my-app");
    for (const file of readdirSync(join(place, "my-app"), { recursive: true, encoding: "utf8" }))
      if (/\.\w+$/.test(file)) expect(read(join("my-app", file))).not.toContain("{{");
  });

  test.each([
    ["My App", "my-app"],
    ["Über_Größe", "ber_gr-e"],
    [".hidden", "hidden"],
    ["nested/orders", "orders"],
  ])("names the package of %s %s", (folder, name) => {
    expect(create(folder).said).toContain("npm install");
    expect(JSON.parse(read(`${folder}/package.json`))).toMatchObject({ name });
  });

  test.each(["My App", "a'b", "it costs $5", 'say "yes"', "tom&jerry", "-dash/app"])(
    "says how to get into %s, as a shell takes it",
    (folder) => {
      const { said } = create("--", folder);
      const [, into = ""] = said.match(/^ {2}(cd .*)$/m) ?? [];
      const { stdout, stderr } = spawnSync("sh", ["-c", `${into} && pwd`], { cwd: place, encoding: "utf8" });
      expect(stderr).toBe("");
      expect(stdout.trimEnd().endsWith(`/${folder}`)).toBe(true);
    },
  );

  test("takes the folder that it stands in", () => {
    expect(create(".").status).toBe(0);
    expect(existsSync(join(place, "package.json"))).toBe(true);
  });

  test("touches nothing in a folder that isn't empty", () => {
    writeFileSync(join(place, "mine.txt"), "mine");
    expect(create(".")).toEqual({ status: 2, said: expect.stringContaining("isn't empty") });
    expect(readdirSync(place)).toEqual(["mine.txt"]);
  });

  test.each([
    [[], "Name the folder"],
    [["one", "two"], "One folder is enough"],
    [["--typo", "app"], "--typo"],
    [["…"], "No package can be named after"],
  ])("refuses %j with a reason", (args, reason) => {
    expect(create(...args)).toEqual({ status: 2, said: expect.stringContaining(reason) });
    expect(readdirSync(place)).toEqual([]);
  });

  test("has help", () => {
    expect(create("--help")).toEqual({ status: 0, said: expect.stringContaining("--javascript") });
  });
});
