import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DrawnFocus } from "./drawn-focus.ts";

/** A list of which only some rows are drawn; a frame draws the row that was scrolled to. */
function list(drawn: ReadonlySet<number>) {
  const rows = new Set(drawn);
  let focused: number | undefined;
  let frames: (() => void)[] = [];
  const focus = new DrawnFocus<number>({
    find: (key) => (rows.has(key) ? { focus: () => (focused = key) } : null),
    focused: () => focused,
    atNextFrame: (then) => {
      frames.push(then);
      return () => {
        frames = frames.filter((other) => other !== then);
      };
    },
  });
  const frame = () => {
    const due = frames;
    frames = [];
    for (const then of due) then();
  };
  const move = (by: number) => {
    const next = Math.max(0, (focus.current() ?? -1) + by);
    focus.to(next);
    return next;
  };
  const click = (row: number) => {
    focused = row;
  };
  return { focused: () => focused, frame, move, click, draw: (row: number) => rows.add(row), focus };
}

describe("focus of rows that a scroll brings into the page", () => {
  test("a row that was left again before it was drawn doesn't take the focus back", () => {
    const { focused, frame, move } = list(new Set([0, 1, 2]));
    move(1);
    frame();
    move(1);
    frame();
    move(-1);
    frame();
    expect(focused()).toBe(0);
    move(1);
    frame();
    frame();
    frame();
    expect(focused()).toBe(1);
  });

  test("a row that is not drawn yet has the focus once it is", () => {
    const { focused, frame, move, draw, focus } = list(new Set([0]));
    move(1);
    move(1);
    expect(focused()).toBe(0);
    expect(focus.current()).toBe(1);
    draw(1);
    frame();
    frame();
    expect(focused()).toBe(1);
  });

  test("whatever keys come between whatever frames, the focus ends where the keys led", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("j", "k", "frame")), (steps) => {
        const { focused, frame, move } = list(new Set(Array.from({ length: 200 }, (_, row) => row)));
        let expected: number | undefined;
        for (const step of steps) {
          if (step === "frame") frame();
          else {
            expected = Math.max(0, (expected ?? -1) + (step === "j" ? 1 : -1));
            move(step === "j" ? 1 : -1);
          }
        }
        frame();
        frame();
        expect(focused()).toBe(expected);
      }),
    );
  });

  test("a focus that the reader moves afterwards is left alone", () => {
    const { focused, frame, move, click } = list(new Set([0, 1, 5, 6]));
    move(1);
    frame();
    frame();
    click(5);
    frame();
    expect(focused()).toBe(5);
    move(1);
    expect(focused()).toBe(6);
  });
});
