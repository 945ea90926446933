"use client";

import type { SavedQuery, SaveQueryAnswer } from "@downbeat/api/views";
import { TwoVersions } from "@/components/two-versions.tsx";

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

export function SaveConflict({ conflict, mine, isBusy, problem, ...verbs }: SaveConflictProps) {
  const shared = { kind: "query", mine: { text: mine }, isBusy, problem };
  if (!("query" in conflict))
    return (
      <TwoVersions
        {...shared}
        quicker={conflict}
        theirs={undefined}
        choices={[
          { say: "Save it as a new query", look: "primary", onChoose: () => verbs.onReplace(undefined) },
        ]}
      />
    );
  const { query: theirs } = conflict;
  return (
    <TwoVersions
      {...shared}
      quicker={theirs}
      theirs={{ text: theirs.sql }}
      choices={[
        { say: "Save yours under another name", onChoose: verbs.onRename },
        { say: `Open ${theirs.savedBy}’s`, onChoose: () => verbs.onOpenOther(theirs) },
        { say: `Replace ${theirs.savedBy}’s`, look: "danger", onChoose: () => verbs.onReplace(theirs) },
      ]}
    />
  );
}
