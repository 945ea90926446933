"use client";

import type { SavedInput } from "@downbeat/api/views";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/button.tsx";
import { TextInput } from "@/components/field.tsx";
import { matching } from "./chosen-input.ts";

interface SavedInputListProps {
  readonly inputs: readonly SavedInput[];
  /** That runs are to be started of. */
  readonly workflow: string;
  readonly onChoose: (saved: SavedInput) => void;
  readonly onRename: (saved: SavedInput) => void;
  readonly onDelete: (saved: SavedInput) => void;
}

/** So many are seen at a glance. */
const mostWithoutSearch = 6;

/** Saved inputs to choose from: those of the workflow, then those of others, also of one that is there no more. */
export function SavedInputList({ inputs, workflow, ...verbs }: SavedInputListProps) {
  const [words, setWords] = useState("");
  const { own, others } = matching(inputs, workflow, words);
  return (
    <>
      {inputs.length > mostWithoutSearch ? (
        <TextInput
          type="search"
          className="mb-2"
          aria-label="Search saved inputs"
          placeholder="Name or workflow"
          value={words}
          // Enter is for the list, not for the form that it stands in.
          onKeyDown={(event) => (event.key === "Enter" ? event.preventDefault() : undefined)}
          onChange={({ target }) => setWords(target.value)}
        />
      ) : null}
      <div className="max-h-64 overflow-y-auto">
        {inputs.length > 0 && own.length + others.length === 0 ? (
          <p className="px-2 py-1 text-ink-3 text-small">No matches.</p>
        ) : null}
        <Rows inputs={own} {...verbs} />
        {others.length === 0 ? null : (
          <section aria-label="Of other workflows">
            <h3 className="px-2 pt-2 text-ink-3 text-small">Of other workflows</h3>
            <Rows inputs={others} showsWorkflow {...verbs} />
          </section>
        )}
      </div>
    </>
  );
}

interface RowsProps extends Omit<SavedInputListProps, "workflow"> {
  readonly showsWorkflow?: boolean;
}

function Rows({ inputs, showsWorkflow = false, onChoose, onRename, onDelete }: RowsProps) {
  return (
    <ul>
      {inputs.map((saved) => (
        <li key={saved.id} className="flex items-center gap-1">
          <button
            type="button"
            onClick={() => onChoose(saved)}
            className="flex min-h-7 min-w-0 flex-1 flex-wrap items-baseline gap-x-2 rounded-md px-2 py-1 text-left hover:bg-hover"
          >
            <span className="min-w-0 max-w-full truncate" title={saved.name}>
              {saved.name}
            </span>
            <span className="min-w-0 max-w-full truncate text-ink-3 text-small">
              {showsWorkflow ? `${saved.workflow} · ` : ""}
              {aboutWords(saved)}
            </span>
          </button>
          <IconButton label={`Rename “${saved.name}”`} onClick={() => onRename(saved)}>
            <Pencil aria-hidden size={13} />
          </IconButton>
          <IconButton label={`Delete “${saved.name}”`} onClick={() => onDelete(saved)}>
            <Trash2 aria-hidden size={13} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function aboutWords({ owner, savedBy, hasMasked }: SavedInput): string {
  const whose = owner === undefined ? `for everybody, by ${savedBy}` : "yours alone";
  return `${whose}${hasMasked === true ? ", without personal values" : ""}`;
}
