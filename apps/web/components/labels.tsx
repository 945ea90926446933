import type { Labels } from "@downbeat/domain";
import { clsx } from "clsx";
import { shownText } from "@/lib/shown-text.ts";

interface LabelChipsProps {
  readonly labels: Labels;
  /** Labels that only repeat it are left out. */
  readonly runId?: string;
  readonly onPick?: (key: string, value: string) => void;
}

/** `key value` pairs in their order, none cut short in the middle; a click filters by one where that makes sense. */
export function LabelChips({ labels, runId, onPick }: LabelChipsProps) {
  return Object.entries(labels).map(([key, value]) => {
    if (value === runId) return null;
    const text = (
      <>
        <span className="text-ink-3">{shownText(key)}</span> {shownText(value)}
      </>
    );
    const look = "max-w-60 shrink-0 truncate rounded text-ink-2 text-small leading-5";
    if (onPick === undefined)
      return (
        <span key={key} title={shownText(`${key}=${value}`)} className={clsx(look, "bg-sunken px-1.5")}>
          {text}
        </span>
      );
    return (
      <button
        key={key}
        type="button"
        tabIndex={-1}
        title={shownText(`Show only ${key}=${value}`)}
        className={clsx(look, "mr-2 hover:text-ink hover:underline")}
        onClick={() => onPick(key, value)}
      >
        {text}
      </button>
    );
  });
}
