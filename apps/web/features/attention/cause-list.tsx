"use client";

import type { AttentionList, MarkedCause } from "@downbeat/api/views";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { asideWords, isSetAside } from "@/features/causes/mark-words.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { CauseRow, GoneRow } from "./cause-row.tsx";

type Cause = AttentionList["groups"][number];

interface CauseListProps {
  readonly causes: readonly Cause[];
  /** Of which people have said something, and nothing falls under them now. */
  readonly gone: readonly MarkedCause[];
  readonly chosen: string | undefined;
  readonly onChoose: (fingerprint: string) => void;
}

/** One line a cause, not one a failure: forty runs that fail alike are one problem. What nobody need be told of is folded away, and counted. */
export function CauseList({ causes, gone, chosen, onChoose }: CauseListProps) {
  const open = causes.filter(({ standing }) => !isSetAside(standing));
  const aside = causes.filter(({ standing }) => isSetAside(standing));
  const standings = [...aside, ...gone].map(({ standing }) => standing);
  const isChosenAside =
    aside.some(({ fingerprint }) => fingerprint === chosen) ||
    gone.some(({ mark }) => mark.fingerprint === chosen);
  // Until somebody folds it, it is shown to whom something in it is.
  const [isUnfolded, setUnfolded] = useState<boolean>();
  const isShown = isUnfolded ?? isChosenAside;

  function move(by: number): void {
    const all = isShown ? [...open, ...aside, ...gone.map(({ mark }) => mark)] : open;
    if (all.length === 0) return;
    const at = all.findIndex(({ fingerprint }) => fingerprint === chosen);
    const next = at === -1 ? all[0] : all[(at + by + all.length) % all.length];
    if (next !== undefined) onChoose(next.fingerprint);
  }

  useCommands([
    { id: "next-cause", label: "Next cause", group: "This page", keys: "n", run: () => move(1) },
    { id: "previous-cause", label: "Previous cause", group: "This page", keys: "p", run: () => move(-1) },
  ]);

  return (
    <nav
      aria-label="Causes"
      className="w-[320px] shrink-0 overflow-y-auto border-line border-r max-[900px]:max-h-[30dvh] max-[1100px]:w-[240px] max-[900px]:w-full max-[900px]:border-r-0 max-[900px]:border-b"
    >
      <ul>
        {open.map((cause) => (
          <CauseRow
            key={cause.fingerprint}
            cause={cause}
            isChosen={cause.fingerprint === chosen}
            onChoose={() => onChoose(cause.fingerprint)}
          />
        ))}
      </ul>
      {standings.length === 0 ? null : (
        <>
          <button
            type="button"
            aria-expanded={isShown}
            onClick={() => setUnfolded(!isShown)}
            className="flex w-full items-center gap-1.5 border-line border-b bg-sunken py-2 pr-4 pl-4 text-left text-ink-2 text-small hover:text-ink focus-visible:-outline-offset-2"
          >
            <ChevronRight aria-hidden size={13} className={clsx("shrink-0", isShown && "rotate-90")} />
            Set aside: {asideWords(standings)}
          </button>
          {isShown ? (
            <ul aria-label="Set aside">
              {aside.map((cause) => (
                <CauseRow
                  key={cause.fingerprint}
                  cause={cause}
                  isChosen={cause.fingerprint === chosen}
                  onChoose={() => onChoose(cause.fingerprint)}
                />
              ))}
              {gone.map(({ mark, standing }) => (
                <GoneRow
                  key={mark.fingerprint}
                  mark={mark}
                  standing={standing}
                  isChosen={mark.fingerprint === chosen}
                  onChoose={() => onChoose(mark.fingerprint)}
                />
              ))}
            </ul>
          ) : null}
        </>
      )}
    </nav>
  );
}
