"use client";

import { type NamesElsewhere, panelTitle } from "@downbeat/api/figure-words";
import type { BoardDefinition, BoardView, SaveBoardAnswer } from "@downbeat/api/views";
import { Dialog } from "@/components/dialog.tsx";
import { TwoVersions } from "@/components/two-versions.tsx";
import { rangePresets } from "@/lib/time-range.ts";

export type BoardConflict = Extract<SaveBoardAnswer, { outcome: "conflict" }>["current"];

interface BoardConflictDialogProps {
  readonly conflict: BoardConflict | undefined;
  /** What was to be saved. */
  readonly mine: BoardDefinition;
  readonly names: NamesElsewhere;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  /** @param place whose place it takes; `undefined` makes it a new board */
  readonly onSave: (place: Pick<BoardView, "id" | "version"> | undefined) => void;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}

export function BoardConflictDialog(props: BoardConflictDialogProps) {
  const { conflict, mine, names, isBusy, problem, onSave, onTheirs, onClose } = props;
  if (conflict === undefined) return null;
  const theirs = "board" in conflict ? conflict.board : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Somebody else was quicker"
      description="Nothing of yours was saved yet; it stays as long as this page is open."
    >
      <TwoVersions
        kind="board"
        quicker={"board" in conflict ? { ...conflict.board, name: conflict.board.board.name } : conflict}
        theirs={
          theirs && { about: boardWords(theirs.board), text: <Panels of={theirs.board} names={names} /> }
        }
        mine={{ about: boardWords(mine), text: <Panels of={mine} names={names} /> }}
        isBusy={isBusy}
        problem={problem}
        choices={[
          { say: "Save yours as a new board", onChoose: () => onSave(undefined) },
          theirs && { say: `Open ${theirs.savedBy}’s`, onChoose: onTheirs },
          theirs && {
            say: `Replace ${theirs.savedBy}’s`,
            look: "danger",
            onChoose: () => onSave(theirs),
          },
        ]}
      />
    </Dialog>
  );
}

function boardWords({ name, period }: BoardDefinition): string {
  return `“${name}”, ${rangePresets[period].label.toLowerCase()}`;
}

interface PanelsProps {
  readonly of: BoardDefinition;
  readonly names: NamesElsewhere;
}

function Panels({ of, names }: PanelsProps) {
  return (
    <ol className="list-decimal pl-5">
      {of.panels.map((panel) => (
        <li key={panel.id} className="break-words">
          {panelTitle(panel, names)}, {panel.width} × {panel.height}
        </li>
      ))}
    </ol>
  );
}
