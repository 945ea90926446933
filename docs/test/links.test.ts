import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { docs, type Page, pages } from "./pages.ts";

/** As GitHub names a heading; VitePress puts a `-` where GitHub leaves an apostrophe out. */
function anchorsOf(text: string): Set<string> {
  const withoutCode = text.replaceAll(/^```.*?^```/gms, "");
  const headings = Array.from(withoutCode.matchAll(/^#{1,6} (.+)$/gm), ([, heading = ""]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[`*]/g, "")
      .toLowerCase(),
  );
  return new Set(
    headings.flatMap((heading) =>
      ["", "-"].map((apostrophe) =>
        heading
          .replaceAll("'", apostrophe)
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
          .replaceAll(/\s/g, "-"),
      ),
    ),
  );
}

function linksOf({ text }: Page): string[] {
  const withoutCode = text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "");
  const inProse = Array.from(withoutCode.matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link);
  return inProse.filter((link) => !/^(https?|mailto):/.test(link));
}

test("links lead to pages and headings that are there", async () => {
  const all = await pages();
  const anchors = new Map(all.map(({ path, text }) => [path, anchorsOf(text)]));
  const broken = all.flatMap((page) =>
    linksOf(page).flatMap((link) => {
      const [file = "", anchor] = link.split("#");
      const path = file === "" ? page.path : join(dirname(page.path), file);
      if (!existsSync(join(docs, path))) return [`${page.path}: ${link}`];
      const known = anchors.get(path);
      return anchor === undefined || known === undefined || known.has(anchor)
        ? []
        : [`${page.path}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("the site's menu leads to pages that are there, and to all of them", async () => {
  const { default: config } = await import("../.vitepress/config.ts");
  const links = Array.from(
    JSON.stringify(config.themeConfig).matchAll(/"link":"\/([^"]+)"/g),
    ([, link = ""]) => link,
  );
  expect(links.length).toBeGreaterThan(20);
  const written = links.filter((link) => link !== "reference/");
  expect(written.filter((link) => !existsSync(join(docs, `${link}.md`)))).toEqual([]);
  // But for the pages of decisions, which the architecture's page leads to, and the first one.
  const toBeListed = (await pages()).map(({ path }) => path).filter((path) => !/\/|^index\.md$/.test(path));
  expect(toBeListed.filter((path) => !written.includes(path.replace(/\.md$/, "")))).toEqual([]);
});
