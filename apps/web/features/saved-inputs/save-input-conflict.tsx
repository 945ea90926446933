import type { SavedInputView } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { OneVersion } from "@/components/one-version.tsx";
import { Problem } from "@/components/problem.tsx";
import type { SavedAs } from "@/components/save-owned-dialog.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";

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

/** Somebody else was quicker: both are shown, and which of them stays is for the person to say. */
export function SaveInputConflict({ conflict, input, isBusy, problem, ...verbs }: SaveInputConflictProps) {
  const { mine, theirs } = conflict;
  const yours = (
    <OneVersion
      title="Yours"
      about={aboutWords(mine)}
      text={input ?? ("input" in theirs ? theirs.input : undefined)}
    />
  );
  if ("deletedBy" in theirs)
    return (
      <>
        <p role="alert" className="mb-3">
          {theirs.deletedBy} deleted this input <TimeAgo at={theirs.deletedAt} />. Nothing was saved.
        </p>
        {yours}
        <Problem>{problem}</Problem>
        {input === undefined ? (
          <Button data-first="" onClick={verbs.onClose}>
            Close
          </Button>
        ) : (
          <Button data-first="" look="primary" disabled={isBusy} onClick={verbs.onSaveAsNew}>
            Save yours as a new input
          </Button>
        )}
      </>
    );
  const whose = `${theirs.savedBy}’s`;
  return (
    <>
      <p role="alert" className="mb-3">
        {theirs.savedBy} saved another version of “{theirs.name}” <TimeAgo at={theirs.savedAt} />. Nothing of
        yours was saved.
      </p>
      <OneVersion
        title={whose}
        about={`${aboutWords({ name: theirs.name, shared: theirs.owner === undefined })}, of ${theirs.workflow}`}
        text={theirs.input}
      />
      {yours}
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        {input === undefined ? (
          <Button data-first="" disabled={isBusy} onClick={verbs.onClose}>
            Keep {whose}
          </Button>
        ) : (
          <>
            <Button data-first="" disabled={isBusy} onClick={verbs.onSaveAsNew}>
              Save yours under another name
            </Button>
            <Button disabled={isBusy} onClick={() => verbs.onOpenOther(theirs)}>
              Put {whose} in the form
            </Button>
          </>
        )}
        <Button look="danger" disabled={isBusy} onClick={() => verbs.onReplace(theirs)}>
          {input === undefined ? "Rename" : "Replace"} {whose}
        </Button>
      </div>
    </>
  );
}

function aboutWords({ name, shared }: SavedAs): string {
  return `“${name.trim()}”, ${shared ? "for everybody" : "for yourself"}`;
}
