import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changeList, type ListFormat, refuseWritable } from "./own-file.ts";

const words: ListFormat<string> = {
  what: "words",
  parse: (text) => text.split(" "),
  format: (all) => all.join(" "),
};

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), "downbeat-own-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const ownerOf = (path: string) => {
  const { uid, gid, mode } = statSync(path);
  return { uid, gid, mode: mode & 0o777 };
};

// Nobody else can give files away.
test.runIf(process.getuid?.() === 0)(
  "what root makes is of whoever has the directory, and what root changes stays whose it is",
  () => {
    const place = directory();
    chownSync(place, 12_345, 54_321);
    const path = join(place, "words");
    changeList(path, words, () => ["one"]);
    expect(ownerOf(path)).toEqual({ uid: 12_345, gid: 54_321, mode: 0o600 });
    chownSync(path, 777, 888);
    changeList(path, words, (all) => [...all, "two"]);
    expect(ownerOf(path)).toEqual({ uid: 777, gid: 888, mode: 0o600 });
    expect(readFileSync(path, "utf8")).toBe("one two");
    // The directory's group alone is another one.
    const shared = directory();
    chownSync(shared, 0, 54_321);
    changeList(join(shared, "words"), words, () => ["one"]);
    expect(ownerOf(join(shared, "words"))).toEqual({ uid: 0, gid: 54_321, mode: 0o600 });
  },
);

test.runIf(process.platform !== "win32")(
  "what others may write is refused, with what its owner does about it",
  () => {
    const path = join(directory(), "access");
    writeFileSync(path, "");
    for (const mode of [0o600, 0o640, 0o644, 0o700]) {
      chmodSync(path, mode);
      expect(() => refuseWritable(path, "chmod it"), mode.toString(8)).not.toThrow();
    }
    for (const mode of [0o620, 0o602, 0o666]) {
      chmodSync(path, mode);
      expect(() => refuseWritable(path, "chmod it"), mode.toString(8)).toThrow(
        "others than its owner may write it: chmod it",
      );
    }
  },
);

test("nothing is written through a link where the new text goes first, nor does a rest of before stay", () => {
  const place = directory();
  const [path, foreign] = [join(place, "words"), join(place, "foreign")];
  writeFileSync(foreign, "not ours");
  symlinkSync(foreign, `${path}.new`);
  changeList(path, words, () => ["one"]);
  expect([foreign, path].map((each) => readFileSync(each, "utf8"))).toEqual(["not ours", "one"]);
  writeFileSync(`${path}.new`, "half of what");
  changeList(path, words, (all) => [...all, "two"]);
  expect(readFileSync(path, "utf8")).toBe("one two");
});
