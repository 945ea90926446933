"use client";

import type { SavedInput } from "@downbeat/api/views";
import { Bookmark, ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { type ChosenInput, type Held, sinceChosen } from "./chosen-input.ts";
import type { InputRequest } from "./saved-input-dialogs.tsx";
import { SavedInputList } from "./saved-input-list.tsx";
import { useSavedInputs } from "./use-saved-inputs.ts";

interface SavedInputsFieldProps {
  /** What the form holds now. */
  readonly held: Held;
  /** By a person: it is not thrown away unasked. */
  readonly isTyped: boolean;
  readonly isJson: boolean;
  readonly chosen: ChosenInput | undefined;
  /** Puts another text into the form. */
  readonly onPut: (held: Held, chosen: ChosenInput | undefined) => void;
  readonly onAsk: (request: InputRequest) => void;
}

/** Fills a form with what somebody saved, and saves what it holds. */
export function SavedInputsField({ held, isTyped, isJson, chosen, onPut, onAsk }: SavedInputsFieldProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const client = useTRPCClient();
  const { data, error } = useSavedInputs();
  const { isBusy, problem, submit } = useSubmission();
  const inputs = data?.inputs ?? [];
  const count = inputs.filter(({ workflow }) => workflow === held.workflow).length;
  const since = chosen === undefined || data === undefined ? undefined : sinceChosen(chosen, inputs);
  const isChanged = chosen !== undefined && chosen.text !== held.text;

  // As it is when the answer comes: what is typed meanwhile is not lost either.
  const now = useRef({ held, isTyped });
  useEffect(() => {
    now.current = { held, isTyped };
  });

  async function choose(saved: SavedInput): Promise<string | undefined> {
    const { input: text, workflow, ...about } = await client.savedInputs.get.query({ id: saved.id });
    const typed = now.current;
    const isLost = typed.isTyped && typed.held.text !== text && typed.held.text !== chosen?.text;
    const before = isLost ? typed.held : chosen?.before;
    onPut({ workflow, text }, { saved: { ...about, workflow }, text, ...(before && { before }) });
    setOpen(false);
    button.current?.focus();
    return undefined;
  }

  return (
    <section aria-label="Saved inputs" className="mb-4">
      <div className="flex flex-wrap items-center gap-2">
        <Button ref={button} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          <Bookmark aria-hidden size={14} />
          Saved inputs{count === 0 ? "" : ` (${count})`}
          {isOpen ? <ChevronDown aria-hidden size={13} /> : <ChevronRight aria-hidden size={13} />}
        </Button>
        <Button
          look="quiet"
          disabled={!isJson || held.workflow === ""}
          onClick={() => onAsk({ verb: "save" })}
        >
          Save this input…
        </Button>
        {isChanged && since !== "deleted" ? (
          // The version that is in the form, whatever the list says by now: nobody's is written over unseen.
          <Button look="quiet" disabled={!isJson} onClick={() => onAsk({ verb: "save", of: chosen.saved })}>
            Save the changes…
          </Button>
        ) : null}
      </div>
      <p role="status" className="mt-1.5 text-ink-3 text-small empty:hidden">
        {chosen === undefined ? null : (
          <>
            “{chosen.saved.name}” is in the form{isChanged ? ", changed" : ""}.
            {chosen.saved.hasMasked !== true
              ? ""
              : held.text.includes("•••")
                ? " Its personal values were not kept: give what is ••• here."
                : " Its personal values are not kept."}
            {since === undefined ? null : <Since since={since} />}
            {chosen.before === undefined ? null : (
              <>
                {" "}
                It took the place of what you had typed.{" "}
                <button
                  type="button"
                  className="text-accent hover:underline"
                  onClick={() => chosen.before && onPut(chosen.before, undefined)}
                >
                  Put that back
                </button>
              </>
            )}
          </>
        )}
      </p>
      <div id={id} hidden={!isOpen} className="mt-2 rounded-md border border-line p-1.5">
        {problem === undefined && error === null ? null : (
          <p role="alert" className="px-2 py-1 text-small text-stuck">
            {problem ?? messageOf(error)}
          </p>
        )}
        {data === undefined && error === null ? (
          <p className="px-2 py-1 text-ink-3 text-small">Loading…</p>
        ) : null}
        {data !== undefined && inputs.length === 0 ? (
          <p className="px-2 py-1 text-ink-3 text-small">
            None yet. Fill in the form and save it under a name, for yourself or for everybody.
          </p>
        ) : null}
        {isOpen ? (
          <fieldset disabled={isBusy} className="contents">
            <SavedInputList
              inputs={inputs}
              workflow={held.workflow}
              onChoose={(saved) => void submit(() => choose(saved))}
              onRename={(of) => onAsk({ verb: "rename", of })}
              onDelete={(of) => onAsk({ verb: "delete", of })}
            />
          </fieldset>
        ) : null}
      </div>
    </section>
  );
}

function Since({ since }: { readonly since: "deleted" | SavedInput }) {
  if (since === "deleted") return " It was deleted meanwhile; what is in the form stays.";
  return ` ${since.savedBy} saved another version of it meanwhile, as “${since.name}”; what is in the form stays.`;
}
