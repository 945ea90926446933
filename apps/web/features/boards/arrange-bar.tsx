"use client";

import type { BoardPanel } from "@downbeat/api/views";
import {
  ArrowLeft,
  ArrowRight,
  ChevronsDownUp,
  ChevronsLeftRight,
  ChevronsRightLeft,
  ChevronsUpDown,
  GripVertical,
  type LucideIcon,
  Pencil,
  Trash2,
} from "lucide-react";
import { useEffect, useRef } from "react";
import { IconButton } from "@/components/button.tsx";
import { boardColumns, boardRows, movedBy, resizedBy } from "./arrange.ts";

interface ArrangeBarProps {
  readonly panel: BoardPanel;
  readonly title: string;
  readonly panels: readonly BoardPanel[];
  readonly index: number;
  readonly onChange: (panels: readonly BoardPanel[]) => void;
  readonly onEdit: (panel: BoardPanel) => void;
  readonly onDrag: (isDragged: boolean) => void;
}

/** Moves and sizes one panel: by keys and by pointer alike. */
export function ArrangeBar({ panel, title, panels, index, onChange, onEdit, onDrag }: ArrangeBarProps) {
  const { id, width, height } = panel;
  const bar = useRef<HTMLDivElement>(null);
  const pressed = useRef<string>(undefined);
  // What is moved is put elsewhere in the page, which takes the focus from it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each move
  useEffect(() => {
    if (pressed.current === undefined) return;
    bar.current?.querySelector<HTMLElement>(`[data-does="${pressed.current}"]`)?.focus();
    pressed.current = undefined;
  }, [index]);
  const button = (does: string, Icon: LucideIcon, isEnd: boolean, next: () => readonly BoardPanel[]) => (
    <IconButton
      data-does={does}
      label={`${does}: ${title}`}
      aria-disabled={isEnd}
      className="aria-disabled:cursor-not-allowed aria-disabled:opacity-40"
      onClick={() => {
        if (isEnd) return;
        pressed.current = does;
        onChange(next());
      }}
    >
      <Icon aria-hidden size={14} />
    </IconButton>
  );
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={`Arrange ${title}`}
      className="flex flex-wrap items-center gap-x-0.5 border-line border-b bg-sunken px-1"
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: for the pointer alone; keys have the buttons beside it */}
      <span
        draggable
        title="Drag to another place"
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = "move";
          event.dataTransfer.setData("text/plain", title);
          onDrag(true);
        }}
        onDragEnd={() => onDrag(false)}
        className="inline-flex size-6 cursor-grab items-center justify-center text-ink-3"
      >
        <GripVertical aria-hidden size={14} />
      </span>
      {button("Move earlier", ArrowLeft, index === 0, () => movedBy(panels, id, -1))}
      {button("Move later", ArrowRight, index === panels.length - 1, () => movedBy(panels, id, 1))}
      {button("Narrower", ChevronsRightLeft, width === 1, () => resizedBy(panels, id, { width: -1 }))}
      {button("Wider", ChevronsLeftRight, width === boardColumns, () => resizedBy(panels, id, { width: 1 }))}
      {button("Lower", ChevronsDownUp, height === 1, () => resizedBy(panels, id, { height: -1 }))}
      {button("Higher", ChevronsUpDown, height === boardRows, () => resizedBy(panels, id, { height: 1 }))}
      <span role="status" className="sr-only">
        {`${title}: ${index + 1} of ${panels.length}, ${width} wide, ${height} high`}
      </span>
      <span className="ml-auto" />
      <IconButton label={`Edit: ${title}`} onClick={() => onEdit(panel)}>
        <Pencil aria-hidden size={14} />
      </IconButton>
      <IconButton
        label={`Remove: ${title}`}
        onClick={() => onChange(panels.filter((each) => each.id !== id))}
      >
        <Trash2 aria-hidden size={14} />
      </IconButton>
    </div>
  );
}
