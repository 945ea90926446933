import type { Labels } from "@downbeat/domain";

interface LabelChipsProps {
  readonly labels: Labels;
  readonly onPick?: (key: string, value: string) => void;
}

/** `key value` pairs; a click filters by one where that makes sense. */
export function LabelChips({ labels, onPick }: LabelChipsProps) {
  return Object.entries(labels).map(([key, value]) => {
    const text = (
      <>
        <span className="text-ink-3">{key}</span> {value}
      </>
    );
    const look = "max-w-44 truncate rounded bg-sunken px-1.5 text-ink-2 text-small leading-5";
    if (onPick === undefined)
      return (
        <span key={key} title={`${key}=${value}`} className={look}>
          {text}
        </span>
      );
    return (
      <button
        key={key}
        type="button"
        tabIndex={-1}
        title={`Show only ${key}=${value}`}
        className={`${look} hover:text-ink hover:underline`}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          onPick(key, value);
        }}
      >
        {text}
      </button>
    );
  });
}
