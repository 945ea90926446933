import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "./copy-text.ts";

afterEach(() => vi.unstubAllGlobals());

test("what a browser takes is copied", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copyText("trip-1")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("trip-1");
});

test("without a clipboard, as over plain http, or without leave to use it, it is said that nothing was copied", async () => {
  vi.stubGlobal("navigator", {});
  expect(await copyText("trip-1")).toBe(false);
  const writeText = () => Promise.reject(new DOMException("Not now.", "NotAllowedError"));
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copyText("trip-1")).toBe(false);
});
