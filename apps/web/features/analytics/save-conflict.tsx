"use client";

import type { SavedQuery, SaveQueryAnswer } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { OneVersion } from "@/components/one-version.tsx";
import { Problem } from "@/components/problem.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";

export type Conflict = Extract<SaveQueryAnswer, { readonly outcome: "conflict" }>["current"];

interface SaveConflictProps {
  readonly conflict: Conflict;
  /** What was to be saved. */
  readonly mine: string;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  /** @param place whose place it takes; `undefined` makes it a new query */
  readonly onReplace: (place: Pick<SavedQuery, "id" | "version"> | undefined) => void;
  readonly onOpenOther: (other: SavedQuery) => void;
  readonly onRename: () => void;
}

/** Somebody else was quicker: both are shown, and which of them stays is for the person to say. */
export function SaveConflict({ conflict, mine, ...props }: SaveConflictProps) {
  const { isBusy, problem, onReplace, onOpenOther, onRename } = props;
  if (!("query" in conflict))
    return (
      <>
        <p role="alert" className="mb-3">
          {conflict.deletedBy} deleted this query <TimeAgo at={conflict.deletedAt} />. Nothing was saved.
        </p>
        <OneVersion title="Yours" text={mine} />
        <Problem>{problem}</Problem>
        <Button look="primary" disabled={isBusy} onClick={() => onReplace(undefined)}>
          Save it as a new query
        </Button>
      </>
    );
  const { query: theirs } = conflict;
  return (
    <>
      <p role="alert" className="mb-3">
        {theirs.savedBy} saved another version of “{theirs.name}” <TimeAgo at={theirs.savedAt} />. Nothing of
        yours was saved.
      </p>
      <OneVersion title={`${theirs.savedBy}’s`} text={theirs.sql} />
      <OneVersion title="Yours" text={mine} />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <Button data-first disabled={isBusy} onClick={onRename}>
          Save yours under another name
        </Button>
        <Button disabled={isBusy} onClick={() => onOpenOther(theirs)}>
          Open {theirs.savedBy}’s
        </Button>
        <Button look="danger" disabled={isBusy} onClick={() => onReplace(theirs)}>
          Replace {theirs.savedBy}’s
        </Button>
      </div>
    </>
  );
}
