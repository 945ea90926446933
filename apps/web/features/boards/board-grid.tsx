"use client";

import { type NamesElsewhere, panelTitle } from "@downbeat/api/figure-words";
import type { BoardPanel } from "@downbeat/api/views";
import { clsx } from "clsx";
import { type DragEvent, useState } from "react";
import type { TimeRange } from "@/lib/time-range.ts";
import { movedTo } from "./arrange.ts";
import { ArrangeBar } from "./load-arrange-bar.tsx";
import { PanelView } from "./panel-view.tsx";

interface BoardGridProps {
  readonly panels: readonly BoardPanel[];
  readonly range: TimeRange;
  readonly names: NamesElsewhere;
  /** Where it is being arranged. */
  readonly arranging?: {
    readonly onChange: (panels: readonly BoardPanel[]) => void;
    readonly onEdit: (panel: BoardPanel) => void;
  };
}

// Whole names: the stylesheet is made from what stands here.
const widths = [
  "",
  "min-[900px]:col-span-1",
  "min-[900px]:col-span-2",
  "min-[900px]:col-span-3",
  "min-[900px]:col-span-4",
];
const narrowWidths = ["", "", "min-[560px]:col-span-2", "min-[560px]:col-span-2", "min-[560px]:col-span-2"];
const heights = ["", "row-span-1", "row-span-2", "row-span-3", "row-span-4"];

/** The panels in reading order: four columns where there is room, two or one where there isn't. */
export function BoardGrid({ panels, range, names, arranging }: BoardGridProps) {
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<string>();
  return (
    <ul
      aria-label="Panels"
      className="board grid grid-cols-1 gap-4 min-[560px]:auto-rows-[minmax(116px,auto)] min-[560px]:grid-cols-2 min-[900px]:auto-rows-[116px] min-[900px]:grid-cols-4"
    >
      {panels.map((panel, index) => {
        const title = panelTitle(panel, names);
        return (
          <li
            key={panel.id}
            onDragOver={(event: DragEvent) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(panel.id);
            }}
            onDrop={(event: DragEvent) => {
              if (dragged === undefined) return;
              event.preventDefault();
              arranging?.onChange(movedTo(panels, dragged, panel.id));
            }}
            className={clsx(
              "flex min-w-0 flex-col overflow-hidden rounded-lg border bg-surface",
              dragged !== undefined && over === panel.id ? "border-accent" : "border-line",
              dragged === panel.id && "opacity-60",
              narrowWidths[panel.width],
              widths[panel.width],
              heights[panel.height],
            )}
          >
            {arranging === undefined ? null : (
              <ArrangeBar
                {...{ panel, title, panels, index }}
                {...arranging}
                onDrag={(isDragged) => {
                  setDragged(isDragged ? panel.id : undefined);
                  setOver(undefined);
                }}
              />
            )}
            <div className="min-h-0 flex-1 overflow-auto *:border-0">
              <PanelView panel={panel} boardRange={range} title={title} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}
