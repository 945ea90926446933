import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { downbeatProgram } from "../program.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { placesOf } from "./places.ts";
import { zshScript } from "./zsh.ts";

const places = placesOf(await downbeatProgram());

/** What bash itself would offer. */
function offered(...words: string[]): string[] {
  const script = `${bashScript("downbeat", places)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _downbeat; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script, "bash", "downbeat", ...words], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

test("commands and their options are completed where they can be typed", () => {
  expect(offered("ru")).toEqual(["runs"]);
  expect(offered("runs", "")).toEqual(expect.arrayContaining(["list", "show", "start", "signal"]));
  expect(offered("runs", "list", "--lab")).toEqual(["--label"]);
  expect(offered("runs", "list", "--status", "stuck", "--wi")).toEqual(["--wide"]);
  expect(offered("jobs", "retry", "list", "j1", "--rea")).toEqual(["--reason"]);
  expect(offered("completion", "z")).toEqual(["zsh"]);
  // File names are the shell's own.
  expect(offered("runs", "start", "bookTrip", "--input-file", "")).toEqual([]);
});

test("every command is known to the script of every shell, and shells that are here take it", () => {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  for (const [shell, make] of Object.entries(scripts)) {
    const script = make("downbeat", places);
    for (const { path, options } of places) {
      expect(script).toContain(`"${path}"`.replace('""', ""));
      for (const { text } of options) expect(script).toContain(text.replace(/^-+/, ""));
    }
    const file = join(mkdtempSync(join(tmpdir(), "downbeat-completion-")), shell);
    writeFileSync(file, script);
    const { error, stderr } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    if (error === undefined) expect(stderr).toBe("");
  }
});
