"use client";

import type { BoardDefinition, BoardView } from "@downbeat/api/views";
import { Plus } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { mostPanels } from "./arrange.ts";
import { PeriodSelect } from "./period-select.tsx";

interface ArrangeStripProps {
  readonly board: BoardDefinition;
  /** Somebody's other version, saved meanwhile. */
  readonly newer: BoardView | undefined;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  readonly onChange: (patch: Partial<BoardDefinition>) => void;
  readonly onAdd: () => void;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** What is said of the board as a whole while it is arranged. */
export function ArrangeStrip(props: ArrangeStripProps) {
  const { board, newer, isBusy, problem, onChange, onAdd, onSave, onDiscard } = props;
  const isFull = board.panels.length >= mostPanels;
  return (
    <div className="mb-4 rounded-lg border border-line bg-sunken px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <TextInput
          aria-label="Name of the board"
          className="max-w-64"
          maxLength={100}
          value={board.name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
        <PeriodSelect
          value={board.period}
          onChange={(period) => (period === undefined ? undefined : onChange({ period }))}
        />
        <Button
          onClick={onAdd}
          refusal={isFull ? `A board has at most ${mostPanels} panels: remove one first.` : undefined}
        >
          <Plus aria-hidden size={14} /> Add a panel…
        </Button>
        <span className="ml-auto" />
        <Button look="quiet" onClick={onDiscard}>
          Discard
        </Button>
        <Button look="primary" disabled={isBusy} onClick={onSave}>
          {isBusy ? "Saving…" : "Save the board"}
        </Button>
      </div>
      {newer === undefined ? null : (
        <p role="status" className="mt-2 text-ink-2 text-small">
          {newer.savedBy} saved another version of it meanwhile; what you have here stays.
        </p>
      )}
      <Problem>{problem}</Problem>
    </div>
  );
}
