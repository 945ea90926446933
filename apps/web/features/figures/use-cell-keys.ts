"use client";

import { type KeyboardEvent, useEffect, useRef } from "react";

/** One stop for Tab; arrows go to the next cell that has something in it. */
export function useCellKeys() {
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    const cells = cellsOf(table.current);
    const current = cells.find((cell) => cell.tabIndex === 0) ?? cells.at(-1);
    for (const cell of cells) cell.tabIndex = cell === current ? 0 : -1;
  });
  function onKeyDown(event: KeyboardEvent): void {
    const step = steps[event.key];
    const current = event.target;
    if (step === undefined || !(current instanceof HTMLElement) || !("cell" in current.dataset)) return;
    event.preventDefault();
    const here = placeOf(current);
    const nearest = cellsOf(table.current)
      .map((cell) => ({ cell, place: placeOf(cell) }))
      .filter(({ place }) =>
        step.x === 0
          ? Math.sign(place.y - here.y) === step.y
          : place.y === here.y && Math.sign(place.x - here.x) === step.x,
      )
      .sort((a, b) => far(a.place, here) - far(b.place, here))[0];
    if (nearest === undefined) return;
    current.tabIndex = -1;
    nearest.cell.tabIndex = 0;
    nearest.cell.focus();
  }
  return { table, onKeyDown };
}

const steps: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

function cellsOf(table: HTMLTableElement | null): HTMLElement[] {
  return [...(table?.querySelectorAll<HTMLElement>("[data-cell]") ?? [])];
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function placeOf(cell: HTMLElement): Place {
  const field = cell.closest("td");
  return { x: field?.cellIndex ?? 0, y: field?.closest("tr")?.rowIndex ?? 0 };
}

function far(one: Place, other: Place): number {
  return Math.abs(one.y - other.y) * 1_000 + Math.abs(one.x - other.x);
}
