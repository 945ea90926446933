import { useState } from "react";
import { DrawnFocus } from "./drawn-focus.ts";

function atNextFrame(then: () => void): () => void {
  const frame = requestAnimationFrame(then);
  return () => cancelAnimationFrame(frame);
}

/** @param attribute of the elements that can have the focus; its value is a whole number. */
export function useDrawnFocus(attribute: `data-${string}`): DrawnFocus<number> {
  const [focus] = useState(
    () =>
      new DrawnFocus<number>({
        find: (key) => document.querySelector<HTMLElement>(`[${attribute}="${key}"]`),
        focused: () => {
          const value = document.activeElement?.getAttribute(attribute);
          return value == null ? undefined : Number(value);
        },
        atNextFrame,
      }),
  );
  return focus;
}
