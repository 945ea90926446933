"use client";

import { type PointerEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import type { TimeScale, Viewport } from "./scale.ts";

/** Less is a click. */
const leastPixels = 5;

interface Drag {
  readonly left: number;
  readonly start: number;
  readonly x: number;
}

/** A stretch that is drawn over with the pointer is zoomed to. Escape lets go. */
export function useDragZoom(scale: TimeScale, trackLeft: number, onStretch: (view: Viewport) => void) {
  const [drag, setDrag] = useState<Drag>();
  const wasDragged = useRef(false);
  const isDragging = drag !== undefined;

  const move = useEffectEvent((event: globalThis.PointerEvent) => {
    if (drag === undefined) return;
    const x = Math.max(0, Math.min(scale.width, event.clientX - drag.left));
    if (Math.abs(x - drag.start) >= leastPixels) wasDragged.current = true;
    setDrag({ ...drag, x });
  });
  const end = useEffectEvent(() => {
    if (drag !== undefined && Math.abs(drag.x - drag.start) >= leastPixels) {
      const [from = 0, to = 0] = [scale.time(drag.start), scale.time(drag.x)].sort((a, b) => a - b);
      onStretch({ from, to });
    }
    setDrag(undefined);
  });
  const cancel = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "Escape") setDrag(undefined);
  });
  useEffect(() => {
    if (!isDragging) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    window.addEventListener("pointermove", (event) => move(event), { signal });
    window.addEventListener("pointerup", () => end(), { signal });
    window.addEventListener("pointercancel", () => setDrag(undefined), { signal });
    window.addEventListener("keydown", (event) => cancel(event), { signal });
    return () => listeners.abort();
  }, [isDragging]);

  return {
    /** Of the element whose left edge the track's place is measured from. */
    onPointerDown(event: PointerEvent<HTMLElement>): void {
      wasDragged.current = false;
      // A finger scrolls the rows.
      if (event.button !== 0 || event.pointerType === "touch") return;
      const left = event.currentTarget.getBoundingClientRect().left + trackLeft;
      const x = event.clientX - left;
      if (x < 0 || x > scale.width) return;
      setDrag({ left, start: x, x });
    },
    /** The click that ends a drag chooses nothing. */
    isClick: () => !wasDragged.current,
    stretch:
      drag === undefined || Math.abs(drag.x - drag.start) < leastPixels
        ? undefined
        : { left: Math.min(drag.start, drag.x), width: Math.abs(drag.x - drag.start) },
  };
}
