import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAccess } from "../packages/access/src/index.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("The image", () => {
  test("installs from the manifest of every workspace before it copies the rest", () => {
    const text = read("Dockerfile");
    const beforeInstall = text.slice(0, text.indexOf("npm ci"));
    const workspaces = [
      ...globSync("apps/*", { cwd: root }),
      ...globSync("packages/*", { cwd: root }),
      "e2e",
    ];
    const manifests = workspaces.map((folder) => `${folder}/package.json`);
    const missing = manifests.filter(
      (file) => existsSync(join(root, file)) && !beforeInstall.includes(`COPY ${file} `),
    );
    expect(missing).toEqual([]);
    expect(beforeInstall).not.toContain("COPY . .");
  });

  test("runs as a user that isn't root, told by its number", () => {
    const users = [...read("Dockerfile").matchAll(/^USER (.+)$/gm)].map(([, user]) => user);
    expect(users).toEqual(["1000:1000"]);
  });

  test.each(["Dockerfile", "docker/pulsar-sql/Dockerfile"])(
    "%s is built on images by their digest",
    (file) => {
      const bases = [...read(file).matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
      expect(bases).toHaveLength(2);
      for (const image of bases) expect(image).toMatch(/^[a-z-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    },
  );

  test("holds no tests", () => {
    const ignored = read(".dockerignore").split("\n");
    expect(ignored).toEqual(expect.arrayContaining(["**/*.test.ts", "**/test", "**/bench", "scripts"]));
  });

  test("holds neither the simulation nor the contract that adapters are tested with, and nothing in it asks for them", () => {
    const ignored = read(".dockerignore").split("\n");
    expect(ignored).toEqual(
      expect.arrayContaining(["packages/testing/*", "packages/message-log/src/contract*"]),
    );
    // npm ci wants the manifest of every workspace.
    expect(ignored.indexOf("!packages/testing/package.json")).toBeGreaterThan(
      ignored.indexOf("packages/testing/*"),
    );
    const shipped = globSync("{apps,packages}/**/*.{ts,tsx,mjs}", {
      cwd: root,
      exclude: (path) => /(^|\/)(node_modules|\.next|\.cache|test|bench)$|^packages\/testing$/.test(path),
    }).filter((file) => !/\.test\.tsx?$|^packages\/message-log\/src\/contract/.test(file));
    expect(shipped.length).toBeGreaterThan(500);
    expect(
      shipped.filter((file) =>
        /"(@downbeat\/(testing\b|message-log\/contract)|.*\/contract\.ts)/.test(read(file)),
      ),
    ).toEqual([]);
  });
});

describe("docker compose", () => {
  const compose = read("docker-compose.yml");

  test("gives BookKeeper a name that other containers reach, with its metadata in a ZooKeeper of its own", () => {
    expect(compose).toContain("advertisedAddress: pulsar");
    expect(compose).toContain("--metadata-url zk:zookeeper:2181");
    expect(compose).not.toContain("PULSAR_STANDALONE_USE_ZOOKEEPER");
    expect(read("docker/pulsar-sql/pulsar.properties")).toContain("pulsar.metadata-url=zk:zookeeper:2181");
  });

  test("has people sign in at the server, which other containers reach", () => {
    expect(compose).not.toContain("IN_CONTAINER");
    const [, file = ""] = /DOWNBEAT_ACCESS_FILE: (\S+)/.exec(compose) ?? [];
    const { address, accounts } = parseAccess(read(file));
    expect(compose).toContain(`- 127.0.0.1:${address?.port}:${address?.port}`);
    // In the server's volume: they outlive the container.
    expect(accounts).toMatch(/^\/data\//);
    expect(read(".dockerignore").split("\n")).not.toContain("docker");
  });

  test("publishes to this machine alone", () => {
    const ports = [...compose.matchAll(/^\s+- ([\d.:]+):\d+$/gm)].map(([, from]) => from);
    expect(ports.length).toBeGreaterThan(1);
    expect(ports.filter((from) => from?.startsWith("127.0.0.1:") !== true)).toEqual([]);
  });

  test("gives our own containers nothing to write to but their volumes, and no rights beyond a user's", () => {
    const ours = compose.slice(compose.indexOf("x-downbeat:"), compose.indexOf("x-log:"));
    expect(ours).toContain("read_only: true");
    expect(ours).toContain("cap_drop: [ALL]");
    expect(ours).toContain("no-new-privileges:true");
    for (const service of ["setup", "engine", "server", "web", "example"])
      expect(compose).toMatch(new RegExp(`^  ${service}:\\n    <<: \\*downbeat$`, "m"));
    expect(compose).not.toMatch(/privileged|docker\.sock|user: *["']?(root|0)\b/);
  });

  test("publishes no port whose answers only containers can use", () => {
    expect(compose).not.toMatch(/^\s+- [\d.:]*6650/m);
  });

  test("hosts the example in its own process, as npm start does", () => {
    expect(read("apps/cli/src/start/start.ts")).toContain('DOWNBEAT_CODE_IN: "workers"');
    expect(compose).toContain("DOWNBEAT_CODE_IN: workers");
  });

  test("ties no container to the network of another, which is gone when that one restarts", () => {
    expect(compose).not.toContain("network_mode");
    expect(compose).toContain("DOWNBEAT_WEB_URL: http://web:3001");
  });
});
