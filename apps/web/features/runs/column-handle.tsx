"use client";

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { narrowest, sizeOf, widest } from "./run-columns.ts";

interface ColumnHandleProps {
  readonly title: string;
  /** Px. */
  readonly onResize: (width: number) => void;
}

const step = 16;

/** The right edge of a column: dragged, or moved with the arrow keys. */
export function ColumnHandle({ title, onResize }: ColumnHandleProps) {
  const handle = useRef<HTMLHRElement>(null);
  const drag = useRef<{ readonly x: number; readonly width: number }>(undefined);
  const [shown, setShown] = useState(narrowest);
  const width = (): number => handle.current?.parentElement?.getBoundingClientRect().width ?? narrowest;

  function resize(to: number): void {
    setShown(sizeOf(to));
    onResize(to);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? step : event.key === "ArrowLeft" ? -step : 0;
    if (by === 0) return;
    event.preventDefault();
    resize(width() + by);
  }

  function onPointerDown(event: PointerEvent<HTMLHRElement>): void {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width: width() };
  }

  function onPointerMove({ clientX }: PointerEvent): void {
    if (drag.current !== undefined) resize(drag.current.width + clientX - drag.current.x);
  }

  return (
    <hr
      ref={handle}
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={shown}
      onFocus={() => setShown(sizeOf(width()))}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = undefined)}
      onPointerCancel={() => (drag.current = undefined)}
      className="-right-3 absolute inset-y-0 m-0 h-5 w-2 cursor-col-resize touch-none self-center border-0 border-line border-r hover:border-accent focus-visible:border-accent"
    />
  );
}
