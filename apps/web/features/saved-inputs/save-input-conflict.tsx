import type { SavedInputView } from "@downbeat/api/views";
import { ownedWords, type SavedAs } from "@/components/save-owned-dialog.tsx";
import { TwoVersions } from "@/components/two-versions.tsx";

export interface InputConflict {
  /** As which it was to be saved. */
  readonly mine: SavedAs;
  readonly theirs: SavedInputView | { readonly deletedBy: string; readonly deletedAt: number };
}

interface SaveInputConflictProps {
  readonly conflict: InputConflict;
  /** JSON text that was to be saved; absent: what it says was to stay, with another name. */
  readonly input: string | undefined;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  readonly onReplace: (theirs: SavedInputView) => void;
  readonly onOpenOther: (theirs: SavedInputView) => void;
  readonly onSaveAsNew: () => void;
  readonly onClose: () => void;
}

export function SaveInputConflict({ conflict, input, isBusy, problem, ...verbs }: SaveInputConflictProps) {
  const { mine, theirs } = conflict;
  const shared = { kind: "input", quicker: theirs, isBusy, problem };
  const about = ownedWords(mine);
  if ("deletedBy" in theirs)
    return (
      <TwoVersions
        {...shared}
        theirs={undefined}
        mine={{ about, text: input }}
        choices={[
          input === undefined
            ? { say: "Close", onChoose: verbs.onClose }
            : { say: "Save yours as a new input", look: "primary", onChoose: verbs.onSaveAsNew },
        ]}
      />
    );
  const whose = `${theirs.savedBy}’s`;
  const isRename = input === undefined;
  return (
    <TwoVersions
      {...shared}
      theirs={{
        about: `${ownedWords({ name: theirs.name, shared: theirs.owner === undefined })}, of ${theirs.workflow}`,
        text: theirs.input,
      }}
      mine={{ about, text: input ?? theirs.input }}
      choices={[
        ...(isRename
          ? [{ say: `Keep ${whose}`, onChoose: verbs.onClose }]
          : [
              { say: "Save yours under another name", onChoose: verbs.onSaveAsNew },
              { say: `Put ${whose} in the form`, onChoose: () => verbs.onOpenOther(theirs) },
            ]),
        {
          say: `${isRename ? "Rename" : "Replace"} ${whose}`,
          look: "danger",
          onChoose: () => verbs.onReplace(theirs),
        },
      ]}
    />
  );
}
