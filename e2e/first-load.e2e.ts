import { expect, test } from "./support/fixtures.ts";

/** kB of scripts, compressed by Brotli, that a page names: what a browser with nothing in its cache loads before the page works. */
const most = 200;

const pages = [
  "",
  "/attention",
  "/runs",
  "/runs/first-load",
  "/jobs",
  "/timers",
  "/owed",
  "/case",
  "/compare",
  "/figures",
  "/boards",
  "/boards/first-load",
  "/bulk",
  "/bulk/first-load",
  "/alerts",
  "/approvals",
  "/quarantine",
  "/audit",
  "/tokens",
  "/system",
  "/analytics",
];

test(`the first load of every page is at most ${most} kB of scripts`, async ({ product, request }) => {
  const sizes = new Map<string, number>();
  const sizeOf = async (path: string): Promise<number> => {
    const known = sizes.get(path);
    if (known !== undefined) return known;
    const response = await request.head(`${product.url}${path}`, { headers: { "accept-encoding": "br" } });
    expect(response.headers()).toMatchObject({ "content-encoding": "br" });
    const size = Number(response.headers()["content-length"]);
    sizes.set(path, size);
    return size;
  };
  const table: string[] = [];
  const tooLarge: string[] = [];
  for (const page of pages) {
    const html = await (await request.get(`${product.home}${page}`)).text();
    const scripts = html.matchAll(/<script[^>]*?\ssrc="([^"]+)"[^>]*>/g);
    // Old browsers alone load the one with what newer ones have.
    const paths = [...scripts].flatMap(([tag, path = ""]) => (/nomodule/i.test(tag) ? [] : [path]));
    expect(paths.length, page).toBeGreaterThan(3);
    const all = await Promise.all([...new Set(paths)].map(sizeOf));
    const kilobytes = all.reduce((sum, size) => sum + size, 0) / 1_000;
    table.push(`${kilobytes.toFixed(1)} kB ${page === "" ? "/" : page}`);
    if (kilobytes > most) tooLarge.push(`${page}: ${kilobytes.toFixed(1)} kB`);
  }
  console.log(table.join("\n"));
  expect(tooLarge).toEqual([]);
});
