import type { AttentionList, CauseMark, CauseStanding, Trend } from "@downbeat/api/views";
import { clsx } from "clsx";
import { ExternalLink, StickyNote } from "lucide-react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { isSetAside, standingWords } from "@/features/causes/mark-words.ts";
import { Sparkline } from "@/features/causes/sparkline.tsx";
import { formatCount } from "@/lib/number.ts";
import { shownText } from "@/lib/shown-text.ts";
import { causeSize, causeTitle, isWait } from "./cause-words.ts";

type Cause = AttentionList["groups"][number];

interface RowProps {
  readonly title: string;
  readonly lines: readonly (string | undefined)[];
  readonly standing: CauseStanding;
  readonly mark: CauseMark | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  /** Absent where nothing falls under it any more. */
  readonly open?: {
    readonly count: number;
    readonly size: string;
    readonly oldest: number;
    readonly trend?: Trend;
  };
}

function Row({ title, lines, standing, mark, isChosen, onChoose, open }: RowProps) {
  const words = standingWords(standing, mark);
  const isQuiet = isSetAside(standing) || open === undefined;
  const message = lines.findLast((line) => line !== undefined);
  const name = lines.length > 1 ? lines[0] : undefined;
  return (
    <li>
      <button
        type="button"
        aria-current={isChosen ? "true" : undefined}
        onClick={onChoose}
        className={clsx(
          "block w-full border-line border-b py-2.5 pr-4 pl-6 text-left focus-visible:-outline-offset-2",
          isChosen ? "bg-accent-soft" : "hover:bg-hover",
        )}
      >
        <span className="flex items-baseline gap-2">
          <span className={clsx("min-w-0 flex-1 truncate font-strong", isQuiet && "text-ink-2")}>
            {title}
          </span>
          {open === undefined ? null : (
            <span className={clsx("font-strong", isQuiet ? "text-ink-3" : "text-stuck")} title={open.size}>
              {formatCount(open.count)}
            </span>
          )}
        </span>
        {name === undefined ? null : <span className="block truncate">{name}</span>}
        <span className="line-clamp-2 break-words text-ink-2 text-small">{message}</span>
        {words === undefined ? null : (
          <span
            className={clsx(
              "block text-small",
              standing === "cameBack" ? "font-strong text-stuck" : "text-ink-2",
            )}
          >
            {words}
          </span>
        )}
        <span className="flex items-end gap-2 text-ink-3 text-small">
          <span className="min-w-0 flex-1">
            {open === undefined ? (
              "Nothing falls under it now"
            ) : (
              <>
                {open.size}, oldest <TimeAgo at={open.oldest} />
              </>
            )}
          </span>
          {mark?.note === undefined ? null : (
            <span title={shownText(mark.note)}>
              <StickyNote aria-hidden size={12} />
              <span className="sr-only">with a note</span>
            </span>
          )}
          {mark?.ticket === undefined ? null : (
            <span title={shownText(mark.ticket)}>
              <ExternalLink aria-hidden size={12} />
              <span className="sr-only">with a ticket</span>
            </span>
          )}
          {open?.trend === undefined ? null : <Sparkline trend={open.trend} width={56} height={14} />}
        </span>
      </button>
    </li>
  );
}

interface CauseRowProps {
  readonly cause: Cause;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

export function CauseRow({ cause, isChosen, onChoose }: CauseRowProps) {
  const { kind, errorName, message, standing, mark, count, oldest, trend } = cause;
  const isNamed = kind !== "history" && !isWait(kind);
  return (
    <Row
      title={causeTitle(cause)}
      lines={isNamed ? [errorName, message] : [message]}
      standing={standing}
      mark={mark}
      isChosen={isChosen}
      onChoose={onChoose}
      open={{ count, size: causeSize(cause), oldest, ...(trend !== undefined && { trend }) }}
    />
  );
}

interface GoneRowProps extends Omit<CauseRowProps, "cause"> {
  readonly mark: CauseMark;
  readonly standing: CauseStanding;
}

/** Of what nothing is left: people have said something of it, and find it again here. */
export function GoneRow({ mark, ...props }: GoneRowProps) {
  return <Row title={mark.about.title} lines={[mark.about.message]} mark={mark} {...props} />;
}
