"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { OneVersion } from "./one-version.tsx";
import { Problem } from "./problem.tsx";
import { TimeAgo } from "./time-ago.tsx";

/** What is there instead of what was to be saved. */
type Quicker =
  | { readonly savedBy: string; readonly savedAt: number; readonly name: string }
  | { readonly deletedBy: string; readonly deletedAt?: number };

interface Version {
  /** What it says, in a sentence. */
  readonly about?: string;
  /** The same at length. */
  readonly text?: ReactNode;
}

interface Choice {
  readonly say: string;
  /** `danger`: what somebody else saved is lost. */
  readonly look?: "plain" | "primary" | "danger";
  readonly onChoose: () => void;
}

interface TwoVersionsProps {
  /** "view" */
  readonly kind: string;
  readonly quicker: Quicker;
  /** Absent where it was deleted. */
  readonly theirs: Version | undefined;
  readonly mine: Version;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  /** The first has the focus: it loses nobody's work. `undefined`: one that can't be made of what was deleted. */
  readonly choices: readonly (Choice | undefined)[];
}

/** Somebody else was quicker: both are shown, and which of them stays is for the person to say. */
export function TwoVersions(props: TwoVersionsProps) {
  const { kind, quicker, theirs, mine, isBusy, problem, choices } = props;
  const said = useRef<HTMLParagraphElement>(null);
  // It takes the place of a form that has the focus, and another form may take its place.
  useEffect(() => {
    const dialog = said.current?.closest('[role="dialog"]');
    const focusFirst = () => dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    focusFirst();
    return focusFirst;
  }, []);
  return (
    <>
      <p ref={said} role="alert" className="mb-3">
        {"deletedBy" in quicker ? (
          <>
            {quicker.deletedBy} deleted this {kind}
            {quicker.deletedAt === undefined ? null : (
              <>
                {" "}
                <TimeAgo at={quicker.deletedAt} />
              </>
            )}
            . Nothing was saved.
          </>
        ) : (
          <>
            {quicker.savedBy} saved another version of “{quicker.name}” <TimeAgo at={quicker.savedAt} />.
            Nothing of yours was saved.
          </>
        )}
      </p>
      {theirs === undefined || "deletedBy" in quicker ? null : (
        <OneVersion title={`${quicker.savedBy}’s`} {...theirs} />
      )}
      <OneVersion title="Yours" {...mine} />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        {choices
          .filter((choice) => choice !== undefined)
          .map(({ say, look = "plain", onChoose }, index) => (
            <Button
              key={say}
              {...(index === 0 && { "data-first": "" })}
              look={look}
              disabled={isBusy}
              onClick={onChoose}
            >
              {say}
            </Button>
          ))}
      </div>
    </>
  );
}
