import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test.each(["index", "client/index", "worker/index", "testing/index"])(
  "importing %s doesn't load Node's fetch and WebSocket, which take longer than many a test",
  async (entry) => {
    const url = new URL(`../src/${entry}.ts`, import.meta.url).href;
    const code = `await import(${JSON.stringify(url)}); console.log(JSON.stringify(process.moduleLoadList));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code]);
    expect(JSON.parse(stdout).filter((name: string) => name.includes("undici"))).toEqual([]);
  },
);
