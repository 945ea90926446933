import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  changeList,
  isOpenToOthers,
  type ListFormat,
  patiently,
  readList,
  refuseOpen,
  refuseWritable,
} from "./own-file.ts";

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
    chownSync(shared, 12_345, 0);
    changeList(join(shared, "others"), words, () => ["one"]);
    expect(ownerOf(join(shared, "others"))).toEqual({ uid: 12_345, gid: 0, mode: 0o600 });
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

test("a list that isn't there yet is empty; one that can't be read or used is named, with why", () => {
  const place = directory();
  const path = join(place, "words");
  expect(readList(path, words)).toEqual([]);
  writeFileSync(path, "one two", { mode: 0o600 });
  expect(readList(path, words)).toEqual(["one", "two"]);
  const broken: ListFormat<string> = {
    ...words,
    parse: () => {
      throw new Error("it is no list.");
    },
  };
  expect(() => readList(path, broken)).toThrow(
    new Error(`The words in ${path} can't be used: it is no list.`),
  );
  mkdirSync(join(place, "folder"));
  expect(() => readList(join(place, "folder"), words)).toThrow(
    `The words in ${join(place, "folder")} can't be read: EISDIR`,
  );
  chmodSync(path, 0o666);
  expect(() => readList(path, words)).toThrow(
    `The words in ${path} can't be read: others than its owner may write it: chmod 600.`,
  );
});

test("one change is made at a time: another is refused meanwhile, and says what to do if it is none", () => {
  const place = directory();
  const path = join(place, "words");
  changeList(path, words, () => {
    expect(() => changeList(path, words, () => ["two"])).toThrow(
      `The words in ${path} are being changed by another command. If none runs, remove ${path}.lock.`,
    );
    return ["one"];
  });
  expect(readFileSync(path, "utf8")).toBe("one");
  expect(existsSync(`${path}.lock`)).toBe(false);
  expect(() => changeList(join(place, "nowhere", "words"), words, () => [])).toThrow(
    `The words in ${join(place, "nowhere", "words")} can't be changed: ENOENT`,
  );
});

test("a change whose lock somebody removed meanwhile is made all the same", () => {
  const path = join(directory(), "words");
  changeList(path, words, () => {
    rmSync(`${path}.lock`);
    return ["one"];
  });
  expect(readFileSync(path, "utf8")).toBe("one");
});

test("a change that fails leaves the list as it was, and the next one goes through", () => {
  const path = join(directory(), "words");
  changeList(path, words, () => ["one"]);
  expect(() =>
    changeList(path, words, () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(readFileSync(path, "utf8")).toBe("one");
  changeList(path, words, (all) => [...all, "two"]);
  expect(readFileSync(path, "utf8")).toBe("one two");
});

test("a change waits for another one, and for nothing else", async () => {
  const path = join(directory(), "words");
  writeFileSync(`${path}.lock`, "");
  let tries = 0;
  await patiently(() => {
    if (++tries === 3) rmSync(`${path}.lock`);
    changeList(path, words, () => ["one"]);
  });
  expect(tries).toBe(3);
  expect(readFileSync(path, "utf8")).toBe("one");
  let others = 0;
  const refused = patiently(() => {
    others++;
    throw new Error("no room");
  });
  await expect(refused).rejects.toThrow("no room");
  expect(others).toBe(1);
});

test("a change waits no longer than two seconds for one that does not end", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const path = join(directory(), "words");
  writeFileSync(`${path}.lock`, "");
  let tries = 0;
  const changed = patiently(() => {
    tries++;
    changeList(path, words, () => ["one"]);
  });
  const outcome = changed.then(
    () => "changed",
    ({ name }: Error) => name,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await outcome).toBe("BeingChanged");
  expect(tries).toBe(100);
});

test.runIf(process.platform !== "win32")(
  "who may read it besides its owner is known, and a file that isn't there is open to nobody",
  () => {
    const path = join(directory(), "keys");
    expect(isOpenToOthers(path)).toBe(false);
    writeFileSync(path, "");
    for (const [mode, isOpen] of [
      [0o600, false],
      [0o700, false],
      [0o640, true],
      [0o604, true],
      [0o602, true],
    ] as const) {
      chmodSync(path, mode);
      expect(isOpenToOthers(path), mode.toString(8)).toBe(isOpen);
      if (isOpen)
        expect(() => refuseOpen(path)).toThrow("others than its owner may read or write it: chmod 600");
      else expect(() => refuseOpen(path)).not.toThrow();
    }
  },
);

test("where there are no such modes, as on Windows, nobody is refused for them", () => {
  const path = join(directory(), "keys");
  writeFileSync(path, "", { mode: 0o600 });
  chmodSync(path, 0o666);
  const { platform } = process;
  onTestFinished(() => void Object.defineProperty(process, "platform", { value: platform }));
  Object.defineProperty(process, "platform", { value: "win32" });
  expect(isOpenToOthers(path)).toBe(false);
  expect(() => refuseWritable(path, "chmod 600")).not.toThrow();
});
