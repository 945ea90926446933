"use client";

import type { KeyboardEvent } from "react";
import { useCommands } from "@/shell/commands-provider.tsx";
import type { Zoom } from "./use-zoom.ts";

interface TimelineKeys {
  /** Moves the choice by so many lines, or to the first or last. */
  readonly moveBy: (lines: number) => void;
  readonly moveTo: (end: "first" | "last") => void;
  /** Opens the group that is chosen, or closes it. */
  readonly enter: () => void;
  readonly leave: () => void;
  readonly zoom: Zoom;
  readonly folds: boolean;
  readonly onFold: () => void;
  readonly onFitRows: () => void;
  readonly onPath: () => void;
  readonly onTable: () => void;
  readonly onGraph: () => void;
}

const panShare = 0.15;

/** @returns what the list of rows does with keys while it has the focus */
export function useTimelineKeys(keys: TimelineKeys): (event: KeyboardEvent) => void {
  const { moveBy, moveTo, enter, leave, zoom, folds, onFold, onFitRows, onPath, onTable, onGraph } = keys;
  const group = "This page" as const;
  useCommands([
    {
      id: "tl-next",
      label: "Next row of the timeline",
      group,
      keys: "j",
      keyOnly: true,
      run: () => moveBy(1),
    },
    { id: "tl-prev", label: "Previous row", group, keys: "k", keyOnly: true, run: () => moveBy(-1) },
    { id: "tl-fold", label: folds ? "Show idle times" : "Fold idle times", group, keys: "f", run: onFold },
    { id: "tl-in", label: "Zoom in", group, keys: "+", keyOnly: true, run: () => zoom.zoomBy(0.5) },
    { id: "tl-out", label: "Zoom out", group, keys: "-", keyOnly: true, run: () => zoom.zoomBy(2) },
    { id: "tl-fit", label: "Fit the whole run", group, keys: "0", run: zoom.fit },
    { id: "tl-rows", label: "Fit the rows on the screen", group, keys: "v", run: onFitRows },
    { id: "tl-path", label: "Show the critical path", group, keys: "c", run: onPath },
    { id: "tl-table", label: "Show the timeline as a table", group, keys: "b", run: onTable },
    { id: "tl-graph", label: "Show the graph of the run", group, keys: "m", run: onGraph },
  ]);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveBy(1),
    ArrowUp: () => moveBy(-1),
    ArrowLeft: () => zoom.panBy(-panShare),
    ArrowRight: () => zoom.panBy(panShare),
    Home: () => moveTo("first"),
    End: () => moveTo("last"),
    Enter: enter,
    " ": enter,
    Escape: leave,
  };
  return (event) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
}
