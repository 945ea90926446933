import { stripTypeScriptTypes } from "node:module";
import { describe, expect, test } from "vitest";
import { findMutations } from "./find-mutations.ts";
import { instrument } from "./instrument.ts";
import { readSources } from "./mutants.ts";
import type { Mutation } from "./mutation.ts";

const root = `${import.meta.dirname}/../..`;

describe("what a mutant changes", () => {
  test.each([
    [
      "const f = (a) => { if (a > 1) g(a); h(); };",
      [
        "{ … } → {}",
        "a > 1 → true",
        "a > 1 → false",
        "a > 1 → a >= 1",
        "a > 1 → a <= 1",
        "g(a); → ",
        "h(); → ",
      ],
    ],
    ["if (a === b) g();", ["a === b → true", "a === b → false", "g(); → "]],
    ["const x = a === b;", ["a === b → a !== b"]],
    ["const x = a && b || c;", ["a && b || c → a && b", "a && b || c → c", "a && b → a", "a && b → b"]],
    ["const x = a ?? 1;", ["a ?? 1 → a", "a ?? 1 → 1"]],
    ["const x = !a + -b;", ["!a + -b → !a - -b", "!a → a", "-b → b"]],
    ["const x = 'a' + b;", ["'a' → ''"]],
    [
      "for (;;) { i += 1; i++; break; }",
      ["i += 1; → ", "i += 1 → i -= 1", "i++; → ", "i++ → i--", "break; → "],
    ],
    ["while (a) b ??= true;", ["a → false", "b ??= true; → ", "b ??= true → b = true", "true → false"]],
    [
      "const x = a?.b.c?.[0]?.();",
      ["a?.b.c?.[0]?.() → a?.b.c?.[0]()", "a?.b.c?.[0] → a?.b.c[0]", "a?.b → a.b"],
    ],
    [
      "const x = list.filter(f).every(g);",
      ["list.filter(f).every(g) → list.filter(f).some(g)", "list.filter(f) → list"],
    ],
    ["const x = list?.filter(f).length;", ["list?.filter → list.filter", "list?.filter(f) → list"]],
    ["const x = z.string().min(1);", ["z.string().min(1) → z.string()"]],
    ["const x = { ...(a && { a }) };", ["a && { a } → a"]],
    ["const x = Math.max(a, b);", ["Math.max(a, b) → Math.min(a, b)"]],
    ["const x = [1, [], '', ``];", ["[1, [], '', ``] → []"]],
    ["const x = /^[ab]$/;", ["/^[ab]$/ → /[ab]$/", "/^[ab]$/ → /^[ab]/", "/^[ab]$/ → /^[^ab]$/"]],
    ["const f = (a) => a.b;", ["a.b → undefined"]],
    ["throw new Error('No such run.');", ["throw new Error('No such run.'); → "]],
    ["import a from 'a'; export * from 'b'; export { c } from 'c'; type D = 'd';", []],
    ["const x = { 'k': 1 } as Record<'k', number>;", []],
    [
      "class A extends B { constructor() { super(); } get a(): number { return 1; } }",
      ["{ … } → {}", "{ … } → {}", "1 → 2"],
    ],
  ])("%s", (source, expected) => {
    const found = findMutations("a.ts", source).map(({ before, after }) => `${before} → ${after}`);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

describe("a file with its mutants compiled in", () => {
  const source = `
    const f = (list: readonly number[] | undefined, most: number): string => {
      let sum = 0;
      for (const each of list ?? []) if (each <= most && each !== 3) sum += each;
      const last = list?.filter((each) => each > 1).at(-1);
      if (last === undefined) return "none";
      return last > sum ? "last" : \`\${sum}\`;
    };
    return f(list, most);`;
  const wrapped = `function all(list: number[] | undefined, most: number) {${source}}`;
  const mutations = findMutations("a.ts", wrapped).map((mutation, id) => ({ ...mutation, id }));
  const instrumented = stripTypeScriptTypes(instrument("a.ts", wrapped, mutations));
  const inputs: [number[] | undefined, number][] = [
    [undefined, 1],
    [[], 1],
    [[1, 2, 3, 4], 3],
    [[1, 5], 9],
  ];

  test("does what it did while none is on", () => {
    expect(inputs.map((input) => outcome(instrumented, undefined, input))).toEqual(
      inputs.map((input) => outcome(stripTypeScriptTypes(wrapped), undefined, input)),
    );
  });

  test.each(mutations)("does what the file with %j does while that one is on", (mutation) => {
    const mutated = stripTypeScriptTypes(applied(wrapped, mutation));
    for (const input of inputs)
      expect(outcome(instrumented, mutation.id, input)).toEqual(outcome(mutated, undefined, input));
  });

  test("a mutant is found in every package, and each once in what is compiled", () => {
    for (const name of ["domain", "protocol", "engine", "sdk"])
      for (const { file, text, mutants } of readSources(root, name)) {
        const compiled = instrument(file, text, mutants);
        const ids = [...compiled.matchAll(/\$mutant\((\d+)\)/g)].map(([, id]) => Number(id));
        expect(ids.toSorted((a, b) => a - b)).toEqual(mutants.map(({ id }) => id));
        expect(() => findMutations(file, compiled)).not.toThrow();
      }
  });
});

function applied(source: string, { place, start, end, text }: Mutation): string {
  if (place === "function") return `${source.slice(0, start)}{ return; ${source.slice(start + 1)}`;
  return source.slice(0, start) + (place === "statement" ? ";" : `(${text})`) + source.slice(end);
}

function outcome(code: string, active: number | undefined, input: [number[] | undefined, number]): unknown {
  const run = new Function("$mutant", "$tick", "list", "most", `${code}; return all(list, most);`);
  try {
    return run(
      (id: number) => id === active,
      () => {},
      ...input,
    );
  } catch {
    return "throws";
  }
}
