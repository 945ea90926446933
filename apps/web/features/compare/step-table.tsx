// biome-ignore-all lint/a11y/useSemanticElements: only the rows on the screen are there, at places of their own
// biome-ignore-all lint/a11y/useFocusableInteractive: its cells hold what takes the focus
"use client";

import type { TimelineRow } from "@downbeat/api/views";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { rowLook } from "@/features/run/timeline/row-texts.ts";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { usePrinting } from "@/lib/use-printing.ts";
import { useRowWindow } from "@/lib/use-row-window.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import type { Aligned } from "./align-steps.ts";
import { differWords, equalInputs, equalResults } from "./equal-words.ts";
import { differenceNames, inputOf, resultOf, type StepDifference, stepName } from "./step-difference.ts";
import { ValueDifferences } from "./value-differences.tsx";

interface ComparedStep {
  readonly pair: Aligned<TimelineRow>;
  readonly difference: StepDifference;
}

interface StepTableProps {
  readonly ids: readonly [string, string];
  readonly steps: readonly ComparedStep[];
  readonly total: number;
  readonly different: number;
  /** What they carry is not shown to whoever looks. */
  readonly isHidden: boolean;
  readonly showsAll: boolean;
  readonly onAll: (showsAll: boolean) => void;
}

const columns =
  "grid grid-cols-[minmax(150px,1fr)_minmax(180px,1fr)_minmax(180px,1fr)_minmax(150px,1fr)] items-center gap-x-3";
const closedHeight = 32;

/** The steps of two runs beside each other. */
export function StepTable({ ids, steps, total, different, isHidden, showsAll, onAll }: StepTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = useRowWindow({
    count: steps.length,
    scroller,
    height: closedHeight,
    overscan: 8,
    keyOf: (index) => keyOf(steps[index]) ?? index,
  });
  const isPrinting = usePrinting();
  const items = isPrinting
    ? steps.map((step, index) => ({ key: keyOf(step) ?? index, index, start: 0 }))
    : rows.drawn;
  const toggle = (key: string) =>
    setOpen((current) => {
      const next = new Set(current);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return (
    <section
      aria-label="Steps"
      className="flex min-h-[320px] flex-1 flex-col border-line border-t bg-surface"
    >
      <div className="flex min-h-10 flex-wrap items-center gap-2 px-6 max-[700px]:px-3">
        <h2 className="font-strong">Steps</h2>
        <span className="flex-1 text-ink-3 text-small" aria-live="polite">
          {differWords(
            {
              total: plural(total, "step"),
              different: different === 0 ? undefined : formatCount(different),
            },
            isHidden,
          )}
        </span>
        <Button size="small" look="quiet" aria-pressed={showsAll} onClick={() => onAll(!showsAll)}>
          {showsAll ? "Only what differs" : "Show all steps"}
        </Button>
      </div>
      <div
        ref={scroller}
        role="table"
        aria-label="Steps of the two runs"
        aria-rowcount={steps.length + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto"
      >
        <div role="rowgroup" className="sticky top-0 z-10 min-w-[760px] border-line border-y bg-surface">
          <div
            role="row"
            aria-rowindex={1}
            className={clsx(columns, "px-6 max-[700px]:px-3 py-1 text-ink-3 text-small")}
          >
            <span role="columnheader">Step</span>
            {ids.map((id, side) => (
              <span role="columnheader" key={side === 0 ? "left" : "right"} className="truncate" title={id}>
                {id}
              </span>
            ))}
            <span role="columnheader">Difference</span>
          </div>
        </div>
        <div
          role="rowgroup"
          className="relative min-w-[760px]"
          style={isPrinting ? undefined : { height: rows.total }}
        >
          {items.map((item) => {
            const step = steps[item.index];
            const key = keyOf(step);
            if (step === undefined || key === undefined) return null;
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                ref={isPrinting ? undefined : rows.measure}
                data-index={item.index}
                className={clsx("border-line border-b", !isPrinting && "absolute inset-x-0 top-0")}
                style={isPrinting ? undefined : { transform: `translateY(${item.start}px)` }}
              >
                <StepCells
                  step={step}
                  ids={ids}
                  isHidden={isHidden}
                  isOpen={open.has(key)}
                  onToggle={() => toggle(key)}
                />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function keyOf(step: ComparedStep | undefined): string | undefined {
  return step === undefined ? undefined : `${step.pair.left?.rowId ?? ""}/${step.pair.right?.rowId ?? ""}`;
}

interface StepCellsProps {
  readonly step: ComparedStep;
  readonly ids: readonly [string, string];
  readonly isHidden: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function StepCells({ step, ids, isHidden, isOpen, onToggle }: StepCellsProps) {
  const { pair, difference } = step;
  const { left, right } = pair;
  const either = left ?? right;
  if (either === undefined) return null;
  const name = stepName(either);
  const inputs = [left, right].map((row) => (row === undefined ? undefined : inputOf(row)));
  return (
    <>
      <div className={clsx(columns, "min-h-8 px-6 max-[700px]:px-3")}>
        <span role="cell" className="min-w-0">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={onToggle}
            className="flex max-w-full items-center gap-1 rounded hover:underline"
          >
            <ChevronRight
              aria-hidden
              size={13}
              className={clsx("shrink-0 text-ink-3", isOpen && "rotate-90")}
            />
            <span className="truncate">{name}</span>
          </button>
        </span>
        <Side row={left} runId={ids[0]} name={name} />
        <Side row={right} runId={ids[1]} name={name} />
        <span role="cell" className="min-w-0 truncate text-ink-2">
          {difference.isMissing ? (
            <span className="text-failed">
              {left === undefined ? "only in the second" : "only in the first"}
            </span>
          ) : (
            <>
              {differenceNames(difference).join(", ")}
              {differenceNames(difference).length > 0 && difference.tookMs !== undefined ? ", " : ""}
              <Took difference={difference} />
            </>
          )}
        </span>
      </div>
      {isOpen ? (
        <div role="cell" className="grid gap-2 px-6 max-[700px]:px-3 pt-1 pb-3 pl-10">
          <p className="font-strong text-ink-2 text-small">Input</p>
          <ValueDifferences
            before={inputs[0]}
            after={inputs[1]}
            equal={equalInputs(inputs, isHidden, "The same.")}
          />
          <p className="font-strong text-ink-2 text-small">Result</p>
          <ValueDifferences
            before={left === undefined ? undefined : resultOf(left)}
            after={right === undefined ? undefined : resultOf(right)}
            equal={equalResults([left, right], isHidden, "The same.")}
          />
        </div>
      ) : null}
    </>
  );
}

function Took({ difference: { tookMs, isSlower, isFaster } }: { difference: StepDifference }) {
  if (tookMs === undefined) return null;
  if (tookMs === 0) return <span className="text-ink-3">as long</span>;
  return (
    <span className={clsx(isSlower ? "text-failed" : isFaster ? "text-completed" : "text-ink-3")}>
      {formatDuration(Math.abs(tookMs))} {tookMs > 0 ? "longer" : "shorter"}
    </span>
  );
}

function Side({ row, runId, name }: { row: TimelineRow | undefined; runId: string; name: string }) {
  const routes = useRoutes();
  if (row === undefined)
    return (
      <span role="cell" className="text-ink-3">
        –
      </span>
    );
  return (
    <span role="cell" className="flex min-w-0 items-center gap-2">
      <StatusMark look={rowLook(row)} />
      <Link
        href={routes.run(runId, { row: row.rowId })}
        className="whitespace-nowrap rounded text-accent hover:underline"
      >
        {row.to === undefined ? "open" : formatDuration(row.to - row.from)}
        <span className="sr-only">{` of ${name} in ${runId}`}</span>
      </Link>
      {row.kind === "job" && row.attempts.length > 1 ? (
        <span className="truncate text-ink-3 text-small">{plural(row.attempts.length, "attempt")}</span>
      ) : null}
    </span>
  );
}
