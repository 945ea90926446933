import fc from "fast-check";
import { expect, test } from "vitest";
import { BoundedNames } from "./bounded-names.ts";

const hour = 3_600_000;
const most = 3;

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ name: fc.constantFrom(..."abcdefgh"), hour: fc.nat(120) }) },
  { weight: 1, arbitrary: fc.constant("write" as const) },
);

test("an hour has its first names and no more, in whatever order the hours come and whenever what was admitted is written", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const written = new Map<number, Set<string>>();
      const pending = new Map<number, Set<string>>();
      const names = new BoundedNames(most, (at) => [...(written.get(at) ?? [])]);
      const first = new Map<number, Set<string>>();
      for (const one of steps) {
        if (one === "write") {
          for (const [at, admitted] of pending)
            written.set(at, new Set([...(written.get(at) ?? []), ...admitted]));
          pending.clear();
          names.written();
          continue;
        }
        const at = one.hour * hour;
        const admitted = first.get(at) ?? new Set();
        first.set(at, admitted);
        if (admitted.size < most) admitted.add(one.name);
        expect(names.admit(one.name, at + 5)).toBe(admitted.has(one.name));
        if (admitted.has(one.name)) pending.set(at, (pending.get(at) ?? new Set()).add(one.name));
      }
    }),
  );
});

test("the table is asked once for an hour that comes again and again", () => {
  const asked: number[] = [];
  const names = new BoundedNames(most, (at) => {
    asked.push(at);
    return [];
  });
  for (let time = 0; time < 100; time++) {
    names.admit("a", hour);
    names.admit("b", 2 * hour);
    names.written();
  }
  expect(asked).toEqual([hour, 2 * hour]);
});
