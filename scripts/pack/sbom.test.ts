import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { published } from "./published.ts";
import { sbomOf } from "./sbom.ts";
import { bundledIn } from "./tarball.ts";
import { bundledSoftware } from "./third-party.ts";

const root = join(import.meta.dirname, "..", "..");

const component = z.object({
  group: z.string().optional(),
  name: z.string(),
  version: z.string().min(1),
  purl: z.string().startsWith("pkg:npm/"),
  "bom-ref": z.string(),
  licenses: z.array(z.unknown()).min(1),
  hashes: z.array(z.object({ alg: z.literal("SHA-512"), content: z.string().regex(/^[0-9a-f]{128}$/) })),
  properties: z.array(z.object({ name: z.string(), value: z.string() })),
});

const bomShape = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.6"),
  metadata: z.object({ component: z.object({ purl: z.string() }), timestamp: z.iso.datetime() }),
  components: z.array(component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
});

const manifest = {
  name: "downbeat",
  version: "0.1.0",
  license: "Apache-2.0",
  description: "all of it",
  dependencies: { pino: "^10.0.0", zod: "^4.6.7" },
};

const nameOf = ({ group, name }: z.output<typeof component>) =>
  group === undefined ? name : `${group}/${name}`;

test("of the command it is said what is built into it, what is installed beside it, and what those need", () => {
  const one = published.find(({ name }) => name === "downbeat");
  if (one === undefined) throw new Error("The command is not published any more.");
  const bom = bomShape.parse(JSON.parse(sbomOf(root, { manifest, bundled: bundledIn(root, one) })));
  expect(bom.metadata.component.purl).toBe("pkg:npm/downbeat@0.1.0");
  const names = bom.components.map(nameOf);
  // What NOTICE names is in it, and is listed.
  expect(names).toEqual(expect.arrayContaining(bundledSoftware(root).map(({ name }) => name)));
  expect(names).toEqual(
    expect.arrayContaining(["next", "react", "@trpc/server", "pino", "zod", "thread-stream"]),
  );
  const isBundled = (name: string) =>
    bom.components.find((each) => nameOf(each) === name)?.properties[0]?.value;
  expect([isBundled("next"), isBundled("pino")]).toEqual(["true", "false"]);
  const refs = new Set([...bom.components.map((each) => each["bom-ref"]), bom.metadata.component.purl]);
  for (const { ref, dependsOn = [] } of bom.dependencies)
    for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
});

test("what isn't locked can't be listed", () => {
  const odd = { ...manifest, dependencies: { "no-such-package": "^1.0.0" } };
  expect(() => sbomOf(root, { manifest: odd, bundled: [] })).toThrow(
    "package-lock.json doesn't know no-such-package",
  );
});
