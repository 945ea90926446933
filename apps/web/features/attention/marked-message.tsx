import { shownText } from "@/lib/shown-text.ts";
import { varyingParts } from "./varying-parts.ts";

/** An error's message whole, with what differs from run to run marked. */
export function MarkedMessage({ message, others }: { message: string; others: readonly string[] }) {
  let at = 0;
  return varyingParts(message, others).map(({ text, varies }) => {
    const key = at;
    at += text.length;
    if (!varies) return shownText(text);
    return (
      <mark
        key={key}
        title="Differs from run to run"
        className="rounded-[3px] bg-sunken px-0.5 text-ink outline-1 outline-line-strong"
      >
        {shownText(text)}
      </mark>
    );
  });
}
