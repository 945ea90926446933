"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from "react";
import { Button } from "@/components/button.tsx";
import { formatDay, formatDayAndClock, formatHourMinute } from "@/lib/absolute-time.ts";
import { bucketName } from "@/lib/time-range.ts";
import { useWidth } from "@/lib/use-width.ts";
import { zoneOffset } from "@/lib/zone.ts";
import { labelledBuckets, type ValueScale } from "./chart-scale.ts";

const height = 168;
/** Beside the axis: for its longest label, in a wide font too. */
const leastLeft = 52;
const labelGap = 8;
const widestDigit = 7.5;
const right = 8;
const top = 8;
const bottom = 22;

interface Plot {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly bucketWidth: number;
  readonly base: number;
}

export interface Series {
  readonly name: string;
  /** A class that sets the swatch's background. */
  readonly swatch: string;
  readonly format: (value: number) => string;
  readonly value: (index: number) => number | undefined;
  /** What is said of it, where that is more than its value's format can tell. */
  readonly words?: (index: number) => string | undefined;
}

function figureWords({ format, value, words }: Series, index: number): string | undefined {
  const figure = value(index);
  return words?.(index) ?? (figure === undefined ? undefined : format(figure));
}

interface Period {
  readonly at: number;
  /** Exclusive. */
  readonly to: number;
}

const dayMs = 86_400_000;

interface BucketChartProps {
  readonly title: string;
  /** What is measured, e.g. "runs". */
  readonly unit: string;
  readonly periods: readonly Period[];
  readonly bucketMs: number;
  readonly scale: ValueScale;
  readonly formatTick: (value: number) => string;
  readonly series: readonly Series[];
  /** The address of exactly what a bucket counts. */
  readonly hrefOf: (index: number) => string;
  readonly children: (plot: Plot) => ReactNode;
}

/** Frame of a chart over buckets of time: axes, a cursor that pointer and arrow keys share, and the same figures as a table. */
export function BucketChart(props: BucketChartProps) {
  const { title, unit, periods, bucketMs, scale, formatTick, series, hrefOf, children } = props;
  const times = periods.map(({ at }) => at);
  const router = useRouter();
  const id = useId();
  const [frame, width] = useWidth();
  const [cursor, setCursor] = useState<number>();
  const [asTable, setAsTable] = useState(false);

  const longest = Math.max(0, ...scale.ticks.map((tick) => formatTick(tick).length));
  const left = Math.max(leastLeft, Math.ceil(longest * widestDigit) + labelGap);
  const inner = Math.max(1, width - left - right);
  const bucketWidth = inner / Math.max(1, times.length);
  const base = height - bottom;
  const plot: Plot = {
    x: (index) => left + index * bucketWidth,
    y: (value) => base - scale.share(value) * (base - top),
    bucketWidth,
    base,
  };
  const last = times.length - 1;

  function indexAt(event: PointerEvent<Element>): number | undefined {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    const index = Math.floor(x / bucketWidth);
    return index >= 0 && index <= last ? index : undefined;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const at = cursor ?? last;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setCursor(Math.max(0, Math.min(last, next)));
    }
    if (event.key === "Enter") router.push(hrefOf(at));
    if (event.key === "Escape") setCursor(undefined);
  }

  return (
    <figure className="@container min-w-0 rounded-lg border border-line bg-surface px-4 pt-3 pb-2">
      <figcaption className="mb-1 flex items-center gap-x-3 @max-[420px]:flex-wrap max-[700px]:flex-wrap">
        <h2 className="font-strong @max-[420px]:flex-1 max-[700px]:flex-1" id={id}>
          {title}{" "}
          <span className="font-normal text-ink-3">
            {bucketName(bucketMs)}
            {scale.isLogarithmic ? ", log scale" : ""}
          </span>
        </h2>
        <Legend
          series={series}
          cursor={cursor}
          period={cursor === undefined ? undefined : periods[cursor]}
          bucketMs={bucketMs}
        />
        <Button size="small" look="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "Chart" : "Table"}
        </Button>
      </figcaption>
      <div ref={frame}>
        {asTable ? (
          <ChartTable {...props} />
        ) : (
          <div
            role="slider"
            tabIndex={0}
            aria-labelledby={id}
            aria-valuemin={0}
            aria-valuemax={Math.max(0, last)}
            aria-valuenow={cursor ?? Math.max(0, last)}
            aria-valuetext={describeBucket(series, cursor ?? last, periods[cursor ?? last], unit, bucketMs)}
            onKeyDown={onKeyDown}
            onBlur={() => setCursor(undefined)}
            onPointerMove={(event) => setCursor(indexAt(event))}
            onPointerLeave={() => setCursor(undefined)}
            onClick={() => (cursor === undefined ? undefined : router.push(hrefOf(cursor)))}
            className="cursor-pointer"
            title="Open exactly these runs"
          >
            <svg
              aria-hidden="true"
              width={width}
              height={height}
              viewBox={`0 0 ${width} ${height}`}
              className="block max-w-full print:h-auto"
            >
              {scale.ticks.map((tick) => (
                <g key={tick}>
                  <line
                    x1={left}
                    x2={width - right}
                    y1={plot.y(tick)}
                    y2={plot.y(tick)}
                    className="stroke-line"
                  />
                  <text
                    x={left - labelGap}
                    y={plot.y(tick) + 4}
                    textAnchor="end"
                    className="fill-ink-3 text-small"
                  >
                    {formatTick(tick)}
                  </text>
                </g>
              ))}
              {cursor === undefined ? null : (
                <rect
                  x={plot.x(cursor)}
                  y={top}
                  width={bucketWidth}
                  height={base - top}
                  className="fill-sunken"
                />
              )}
              {children(plot)}
              {labelledBuckets(times, bucketMs, inner, (at) => zoneOffset(at)).map(({ index, anchor }) => (
                <text
                  key={index}
                  x={plot.x(index) + bucketWidth / 2}
                  y={height - 6}
                  textAnchor={anchor}
                  className="fill-ink-3 text-small"
                >
                  {timeLabel(times[index] ?? 0, bucketMs)}
                </text>
              ))}
            </svg>
          </div>
        )}
      </div>
    </figure>
  );
}

interface LegendProps {
  readonly series: readonly Series[];
  readonly cursor: number | undefined;
  readonly period: Period | undefined;
  readonly bucketMs: number;
}

/** Says what the colours are, and while a bucket is pointed at, its figures: in one place, so that nothing covers the chart. */
function Legend({ series, cursor, period, bucketMs }: LegendProps) {
  return (
    <p className="flex min-w-0 flex-1 flex-wrap items-center justify-end gap-x-3 text-ink-2 text-small @max-[420px]:order-last @max-[420px]:basis-full @max-[420px]:justify-start max-[700px]:order-last max-[700px]:basis-full max-[700px]:justify-start">
      {period === undefined ? null : <span className="text-ink">{periodLabel(period, bucketMs)}</span>}
      {series.map((each) => {
        const { name, swatch } = each;
        return (
          <span key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-[2px] ${swatch}`} />
            {name}
            {cursor === undefined ? null : (
              <span className="font-strong text-ink">{figureWords(each, cursor) ?? "–"}</span>
            )}
          </span>
        );
      })}
    </p>
  );
}

function ChartTable({ title, unit, periods, bucketMs, series }: BucketChartProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <div tabIndex={0} className="overflow-y-auto" style={{ height }}>
      <table className="w-full text-small">
        <caption className="sr-only">
          {title}, {unit} {bucketName(bucketMs)}
        </caption>
        <thead>
          <tr className="text-ink-3">
            <th scope="col" className="text-left font-normal">
              From
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {periods.map(({ at }, index) => (
            <tr key={at} className="border-line border-t">
              <th scope="row" className="text-left font-normal text-ink-2">
                {timeLabel(at, bucketMs)}
              </th>
              {series.map((each) => (
                <td key={each.name} className="text-right">
                  {figureWords(each, index) ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function describeBucket(
  series: readonly Series[],
  index: number,
  period: Period | undefined,
  unit: string,
  bucketMs: number,
): string {
  if (period === undefined) return "Nothing to show";
  const figures = series.map((each) => `${each.name} ${figureWords(each, index) ?? "none"}`);
  return `${periodLabel(period, bucketMs)}: ${figures.join(", ")} ${unit}`;
}

function timeLabel(at: number, bucketMs: number): string {
  if (bucketMs >= dayMs) return formatDay(at);
  return bucketMs >= 3_600_000 ? formatDayAndClock(at) : formatHourMinute(at);
}

/** A day is named, not said to be from one to the next; what is shorter has its end. */
function periodLabel({ at, to }: Period, bucketMs: number): string {
  if (bucketMs < dayMs) return `${timeLabel(at, bucketMs)}–${timeLabel(to, bucketMs)}`;
  const last = formatDay(to - 1);
  return formatDay(at) === last ? last : `${formatDay(at)}–${last}`;
}
