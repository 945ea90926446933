"use client";

import { type NamesElsewhere, panelTitle } from "@downbeat/api/figure-words";
import type { BoardDefinition, BoardView, SaveBoardAnswer } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Problem } from "@/components/problem.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
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

/** Somebody else was quicker: both are shown, and which of them stays is for the person to say. */
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
      <p role="alert" className="mb-3">
        {theirs === undefined && "deletedBy" in conflict ? (
          <>
            {conflict.deletedBy} deleted this board <TimeAgo at={conflict.deletedAt} />.
          </>
        ) : theirs === undefined ? null : (
          <>
            {theirs.savedBy} saved another version of “{theirs.board.name}” <TimeAgo at={theirs.savedAt} />.
          </>
        )}
      </p>
      {theirs === undefined ? null : (
        <Arranged title={`${theirs.savedBy}’s`} board={theirs.board} names={names} />
      )}
      <Arranged title="Yours" board={mine} names={names} />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <Button data-first="" disabled={isBusy} onClick={() => onSave(undefined)}>
          Save yours as a new board
        </Button>
        {theirs === undefined ? null : (
          <>
            <Button disabled={isBusy} onClick={onTheirs}>
              Open {theirs.savedBy}’s
            </Button>
            <Button look="danger" disabled={isBusy} onClick={() => onSave(theirs)}>
              Replace {theirs.savedBy}’s
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}

interface ArrangedProps {
  readonly title: string;
  readonly board: BoardDefinition;
  readonly names: NamesElsewhere;
}

function Arranged({ title, board, names }: ArrangedProps) {
  return (
    <figure className="mb-3">
      <figcaption className="mb-1 font-strong text-small">{title}</figcaption>
      <div className="max-h-40 overflow-auto rounded-md border border-line bg-canvas px-3 py-2 text-small">
        <p>
          “{board.name}”, {rangePresets[board.period].label.toLowerCase()}
        </p>
        <ol className="list-decimal pl-5">
          {board.panels.map((panel) => (
            <li key={panel.id} className="break-words">
              {panelTitle(panel, names)}, {panel.width} × {panel.height}
            </li>
          ))}
        </ol>
      </div>
    </figure>
  );
}
