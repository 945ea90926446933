"use client";

import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { useSettled } from "@/lib/use-settled.ts";
import { readZoom, writeZoom } from "../model/zoom-range.ts";
import { pan, type TimeScale, type Viewport, zoom } from "./scale.ts";

interface ZoomOptions {
  readonly whole: Viewport;
  readonly startedAt: number;
  /** The stretch in the address. */
  readonly asked: string | undefined;
  readonly onSettled: (text: string | undefined) => void;
}

const settledAfterMs = 250;

/** Which stretch of the run is on the screen. It stays where it is while a live run grows. */
export function useZoom({ whole, startedAt, asked, onSettled }: ZoomOptions) {
  const [viewport, setViewport] = useState(() => readZoom(asked, startedAt));
  const view = viewport === undefined ? whole : within(viewport, whole);
  const text = writeZoom(viewport, startedAt);
  // A wheel turns faster than an address may change.
  const settled = useSettled(text, settledAfterMs);
  const told = useRef(asked);
  const tell = useEffectEvent((next: string | undefined) => {
    if (next === told.current) return;
    told.current = next;
    onSettled(next);
  });
  useEffect(() => tell(settled), [settled]);

  function show(next: Viewport): void {
    const isAll = next.to - next.from >= (whole.to - whole.from) * 0.999;
    setViewport(isAll ? undefined : next);
  }
  return {
    view,
    isZoomed: viewport !== undefined,
    show: (next: Viewport) => show(within(next, whole)),
    zoomBy: (factor: number, around = (view.from + view.to) / 2) => show(zoom(view, whole, around, factor)),
    /** By shares of what is on the screen. */
    panBy: (share: number) => {
      if (viewport !== undefined) show(pan(view, whole, (view.to - view.from) * share));
    },
    fit: () => setViewport(undefined),
  };
}

export type Zoom = ReturnType<typeof useZoom>;

/** A stretch from a link may lie beyond the run's end. */
function within({ from, to }: Viewport, whole: Viewport): Viewport {
  const start = Math.min(Math.max(from, whole.from), whole.to - 1);
  return { from: start, to: Math.max(start + 1, Math.min(to, whole.to)) };
}

/** Ctrl and the wheel zoom around the pointer, a wheel to the side moves. The browser must not zoom its page as well, so this has to be no passive listener. */
export function useWheelZoom(
  element: RefObject<HTMLElement | null>,
  zoomed: Zoom,
  scale: TimeScale,
  trackLeft: number,
): void {
  const onWheel = useEffectEvent((event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const left = (element.current?.getBoundingClientRect().left ?? 0) + trackLeft;
      zoomed.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, scale.time(event.clientX - left));
      return;
    }
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!zoomed.isZoomed || !isSideways) return;
    event.preventDefault();
    const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX;
    zoomed.panBy(pixels / Math.max(1, scale.width));
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const listener = (event: WheelEvent) => onWheel(event);
    target.addEventListener("wheel", listener, { passive: false });
    return () => target.removeEventListener("wheel", listener);
  }, [element]);
}
