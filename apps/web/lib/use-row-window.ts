"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { RowPlaces } from "./row-places.ts";

interface RowWindowOptions {
  readonly count: number;
  readonly scroller: RefObject<HTMLElement | null>;
  /** Of a row, px: exact, unless rows are measured. */
  readonly height: number;
  /** Rows beyond the screen that are drawn. */
  readonly overscan: number;
  readonly keyOf: (index: number) => string | number;
}

interface DrawnRow {
  readonly key: string | number;
  readonly index: number;
  /** Px below the first row's top. */
  readonly start: number;
}

export interface RowWindow {
  readonly drawn: readonly DrawnRow[];
  /** Height of all rows, px. */
  readonly total: number;
  /** `ref` of a drawn row that may be higher than most; the row tells its index as `data-index`. */
  readonly measure: (row: HTMLElement | null) => (() => void) | undefined;
  /** @param align by itself no further than needed */
  readonly scrollTo: (index: number, align?: "nearest" | "center") => void;
}

interface View {
  readonly top: number;
  readonly size: number;
}

/** How long the rows around one that was scrolled to may take until all are measured, ms. */
const settlingMs = 500;
const ofHand = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/** Of a long list's rows, those on the screen. */
export function useRowWindow({ count, scroller, height, overscan, keyOf }: RowWindowOptions): RowWindow {
  const [view, setView] = useState<View>({ top: 0, size: 0 });
  const [measured, setMeasured] = useState<
    ReadonlyMap<number, { readonly key: unknown; readonly px: number }>
  >(new Map());
  const places = useMemo(() => {
    const more = new Map<number, number>();
    // Another row may stand there by now, of a list that was filtered.
    for (const [index, { key, px }] of measured)
      if (index < count && keyOf(index) === key) more.set(index, px - height);
    return new RowPlaces(count, height, more);
  }, [count, height, keyOf, measured]);

  const now = useRef({ places, view, keyOf });
  const fresh = useRef<HTMLElement[]>([]);
  const goal = useRef<{ readonly index: number; readonly align: Align; readonly until: number }>(undefined);
  /** @param rows whose heights may be others now */
  const take = useCallback(
    (rows: readonly HTMLElement[]): boolean => {
      const { places, keyOf } = now.current;
      const found = rows.flatMap((row) => {
        const index = Number(row.dataset.index);
        const before = places.start(index + 1) - places.start(index);
        const px = row.offsetHeight;
        return px === before || px === 0 || index >= places.count ? [] : [{ index, before, px }];
      });
      if (found.length === 0) return false;
      setMeasured((known) => {
        const next = new Map(known);
        for (const { index, px } of found) next.set(index, { key: keyOf(index), px });
        return next;
      });
      const element = scroller.current;
      if (element === null || goal.current !== undefined) return true;
      // What is read stays where it is when a row above it changes.
      const above = found.filter(({ index, before }) => places.start(index) + before <= element.scrollTop);
      const shift = above.reduce((sum, { before, px }) => sum + px - before, 0);
      if (shift !== 0) element.scrollTop += shift;
      return true;
    },
    [scroller],
  );
  useLayoutEffect(() => {
    now.current = { places, view, keyOf };
    if (fresh.current.length > 0) take(fresh.current.splice(0));
    if (goal.current === undefined || scroller.current === null) return;
    if (performance.now() > goal.current.until) goal.current = undefined;
    else put(scroller.current, offsetOf(scroller.current, places, goal.current.index, goal.current.align));
  });

  const watched = useRef<{ readonly element: HTMLElement; readonly stop: () => void }>(undefined);
  // It may come and go while the list stays.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === (watched.current?.element ?? null)) return;
    watched.current?.stop();
    watched.current = undefined;
    if (element === null) return;
    const look = (): void => {
      const next = { top: element.scrollTop, size: element.clientHeight };
      const { places, view } = now.current;
      if (isSameWindow(windowOf(places, view), windowOf(places, next))) return;
      // In the same frame: fast scrolling would show places without rows.
      flushSync(() => setView(next));
    };
    const letGo = (): void => {
      goal.current = undefined;
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    for (const name of ofHand) element.addEventListener(name, letGo, { passive: true });
    const stop = (): void => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
      for (const name of ofHand) element.removeEventListener(name, letGo);
    };
    watched.current = { element, stop };
    setView({ top: element.scrollTop, size: element.clientHeight });
  });
  useEffect(
    () => () => {
      watched.current?.stop();
      watched.current = undefined;
    },
    [],
  );

  const sizes = useRef<ResizeObserver>(undefined);
  const measure = useCallback(
    (row: HTMLElement | null) => {
      if (row === null) return undefined;
      sizes.current ??= new ResizeObserver((entries) => {
        const rows = entries.flatMap(({ target }) =>
          target instanceof HTMLElement && target.isConnected ? [target] : [],
        );
        flushSync(() => take(rows));
      });
      const observer = sizes.current;
      fresh.current.push(row);
      // Rows that come in while others are observed would be told of too late, which browsers report as an error.
      const frame = requestAnimationFrame(() => observer.observe(row));
      return () => {
        cancelAnimationFrame(frame);
        observer.unobserve(row);
      };
    },
    [take],
  );

  const scrollTo = useCallback(
    (index: number, align: "nearest" | "center" = "nearest") => {
      const element = scroller.current;
      if (element === null) return;
      const { places } = now.current;
      const meant = align === "center" ? align : nearest(element, places, index);
      if (meant === undefined) return;
      goal.current = { index, align: meant, until: performance.now() + settlingMs };
      put(element, offsetOf(element, places, index, meant));
    },
    [scroller],
  );

  const { first, last } = windowOf(places, view);
  const drawn: DrawnRow[] = [];
  if (view.size > 0)
    for (let index = Math.max(0, first - overscan); index <= Math.min(count - 1, last + overscan); index++)
      drawn.push({ key: keyOf(index), index, start: places.start(index) });
  return { drawn, total: places.total, measure, scrollTo };
}

function windowOf(places: RowPlaces, { top, size }: View): { readonly first: number; readonly last: number } {
  return { first: places.at(top), last: places.at(top + size) };
}

function isSameWindow(one: ReturnType<typeof windowOf>, other: ReturnType<typeof windowOf>): boolean {
  return one.first === other.first && one.last === other.last;
}

type Align = "start" | "end" | "center";

/** At which edge the row comes into view first; `undefined`: it is there. */
function nearest(element: HTMLElement, places: RowPlaces, index: number): Align | undefined {
  const { scrollTop, clientHeight } = element;
  if (places.start(index + 1) + beside(element, places) >= scrollTop + clientHeight) return "end";
  return places.start(index) <= scrollTop ? "start" : undefined;
}

function offsetOf(element: HTMLElement, places: RowPlaces, index: number, align: Align): number {
  const start = places.start(index);
  if (align === "start") return start;
  const end = places.start(index + 1);
  const { clientHeight } = element;
  return align === "end" ? end + beside(element, places) - clientHeight : (start + end - clientHeight) / 2;
}

/** What scrolls along with the rows: a head that sticks, a footer. */
function beside(element: HTMLElement, places: RowPlaces): number {
  return Math.max(0, element.scrollHeight - places.total);
}

/** Nothing is written where it would change nothing: that alone would end a fling. */
function put(element: HTMLElement, top: number): void {
  const most = Math.max(0, element.scrollHeight - element.clientHeight);
  const meant = Math.min(most, Math.max(0, top));
  if (Math.abs(element.scrollTop - meant) >= 1) element.scrollTop = meant;
}
