"use client";

import type { ResultTable } from "@downbeat/api/views";
import { ChartNoAxesColumn } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { Select } from "@/components/field.tsx";
import { lineParts } from "@/features/overview/chart-scale.ts";
import { useWidth } from "@/lib/use-width.ts";
import { cellNumber, cellText } from "./cell.ts";
import {
  type ChartChoice,
  mostPoints,
  mostSeries,
  numberColumns,
  suggestedChart,
  valueTicks,
} from "./chart-data.ts";
import { type TimeAxis, timeAxis, timeLabels } from "./time-axis.ts";

const height = 320;
const left = 64;
const right = 16;
const top = 10;
const bottom = 26;
const labelWidth = 116;
const looks = [
  { swatch: "bg-running", fill: "fill-running", stroke: "stroke-running" },
  { swatch: "bg-bar-completed", fill: "fill-bar-completed", stroke: "stroke-bar-completed" },
  { swatch: "bg-bar-failed", fill: "fill-bar-failed", stroke: "stroke-bar-failed" },
  { swatch: "bg-bar-ended", fill: "fill-bar-ended", stroke: "stroke-bar-ended" },
] as const;
const figure = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const tickFigure = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
const hugeFigure = new Intl.NumberFormat("en", { notation: "scientific", maximumSignificantDigits: 3 });
const isHuge = (value: number): boolean => Math.abs(value) >= 1e15;

export function ResultChart({ table }: { table: ResultTable }) {
  const [chosen, setChosen] = useState<ChartChoice>();
  const choice = chosen ?? suggestedChart(table);
  if (choice === undefined)
    return (
      <EmptyState icon={ChartNoAxesColumn} title="There is nothing to draw">
        A chart needs a column of numbers and another one to draw it along: choose both in the statement.
      </EmptyState>
    );
  return (
    <div className="h-full overflow-y-auto px-4 py-3">
      <Choice table={table} choice={choice} onChange={setChosen} />
      <Plot table={table} choice={choice} />
      {table.rows.length > mostPoints ? (
        <p className="pt-1 text-ink-3 text-small">
          The first {mostPoints} rows are drawn; the table has all.
        </p>
      ) : null}
    </div>
  );
}

interface ChoiceProps {
  readonly table: ResultTable;
  readonly choice: ChartChoice;
  readonly onChange: (choice: ChartChoice) => void;
}

function Choice({ table, choice, onChange }: ChoiceProps) {
  const { x, ys, kind } = choice;
  const id = useId();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-2">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="text-ink-2">
          Along
        </label>
        <Select
          id={id}
          className="max-w-44"
          value={x}
          onChange={(event) => onChange({ ...choice, x: Number(event.target.value) })}
        >
          {table.columns.map(({ name }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
            <option key={index} value={index}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      <fieldset className="flex flex-wrap items-center gap-1">
        <legend className="sr-only">What is drawn</legend>
        {numberColumns(table)
          .filter((index) => index !== x)
          .map((index) => {
            const place = ys.indexOf(index);
            const isFull = place < 0 && ys.length === mostSeries;
            return (
              <Button
                key={index}
                size="small"
                look="quiet"
                aria-pressed={place >= 0}
                disabled={isFull || (place >= 0 && ys.length === 1)}
                title={isFull ? `No more than ${mostSeries} at once` : undefined}
                className={place >= 0 ? "text-ink disabled:opacity-100" : undefined}
                onClick={() =>
                  onChange({
                    ...choice,
                    ys: place >= 0 ? ys.filter((each) => each !== index) : [...ys, index],
                  })
                }
              >
                <span
                  aria-hidden
                  className={`size-2.5 rounded-[2px] ${place >= 0 ? (looks[place]?.swatch ?? "") : "border border-line-strong"}`}
                />
                {table.columns[index]?.name}
              </Button>
            );
          })}
      </fieldset>
      <fieldset className="ml-auto flex rounded-md border border-line">
        <legend className="sr-only">Kind of chart</legend>
        {(["bar", "line"] as const).map((each) => (
          <Button
            key={each}
            size="small"
            look="quiet"
            aria-pressed={kind === each}
            className={kind === each ? "bg-sunken font-strong text-ink" : undefined}
            onClick={() => onChange({ ...choice, kind: each })}
          >
            {each === "bar" ? "Bars" : "Lines"}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

function Plot({ table, choice }: { table: ResultTable; choice: ChartChoice }) {
  const [frame, width] = useWidth();
  const [cursor, setCursor] = useState<number>();
  const { x, kind } = choice;
  const drawn = table.rows.slice(0, mostPoints);
  const axis = timeAxis({ rows: drawn }, x);
  const rows = axis === undefined ? drawn : axis.order.map((row) => drawn[row] ?? []);
  const ys = choice.ys.filter((index) => index !== x);
  const value = (row: number, column: number): number | undefined =>
    cellNumber(rows[row]?.[column], table.columns[column]?.type ?? "");
  const all = rows
    .flatMap((_, row) => ys.map((column) => value(row, column)))
    .filter((each) => each !== undefined);
  const ticks = valueTicks(all);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const base = height - bottom;
  const plotWidth = Math.max(1, width - left - right);
  // On a time axis a row is as wide as the shortest time between two, so that none covers another.
  const slot =
    axis === undefined
      ? plotWidth / Math.max(1, rows.length)
      : plotWidth / ((axis.to - axis.from) / axis.step + 1);
  const times = axis?.order.map((row) => axis.times[row] ?? axis.from);
  const xOfTime = (at: number): number =>
    axis === undefined ? left : left + ((at - axis.from) / (axis.to - axis.from)) * (plotWidth - slot);
  const yOf = (each: number): number => base - ((each - low) / (high - low)) * (base - top);
  const xOf = (row: number): number => (times === undefined ? left + row * slot : xOfTime(times[row] ?? 0));
  const last = rows.length - 1;
  const every = Math.max(1, Math.ceil(labelWidth / slot));
  const shown = Math.min(cursor ?? last, last);

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: shown - 1,
      ArrowRight: shown + 1,
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(last, next)));
  }

  function onPointerMove(event: PointerEvent<Element>): void {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    if (at < 0 || at > plotWidth) return setCursor(undefined);
    if (times === undefined) return setCursor(Math.min(last, Math.floor(at / slot)));
    const distances = times.map((_, row) => Math.abs(xOf(row) + slot / 2 - left - at));
    setCursor(distances.indexOf(Math.min(...distances)));
  }

  const described = describe({ ...table, rows }, choice, shown);
  return (
    <div ref={frame}>
      <p className="h-5 truncate text-right text-ink-2 text-small" aria-hidden>
        {cursor === undefined ? null : described}
      </p>
      <div
        role="slider"
        tabIndex={0}
        aria-label="Chart of the result"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={shown}
        aria-valuetext={described}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(undefined)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setCursor(undefined)}
      >
        <svg
          aria-hidden="true"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          className="block max-w-full print:h-auto"
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={left} x2={width - right} y1={yOf(tick)} y2={yOf(tick)} className="stroke-line" />
              <text x={left - 8} y={yOf(tick) + 4} textAnchor="end" className="fill-ink-3 text-small">
                {(isHuge(tick) ? hugeFigure : tickFigure).format(tick)}
              </text>
            </g>
          ))}
          {cursor === undefined ? null : (
            <rect
              x={xOf(cursor)}
              y={top}
              width={Math.max(1, slot)}
              height={base - top}
              className="fill-sunken"
            />
          )}
          {ys.map((column, series) => {
            const look = looks[series % looks.length] ?? looks[0];
            if (kind === "bar") {
              const gap = slot > 6 ? Math.min(8, slot * 0.2) : 0;
              const barWidth = (slot - gap) / ys.length;
              return rows.map((_, row) => {
                const each = value(row, column);
                if (each === undefined) return null;
                return (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no other name
                    key={`${column} ${row}`}
                    x={xOf(row) + gap / 2 + series * barWidth}
                    y={Math.min(yOf(0), yOf(each))}
                    width={Math.max(0.5, barWidth - (barWidth > 4 ? 1 : 0))}
                    height={Math.abs(yOf(0) - yOf(each))}
                    className={look.fill}
                  />
                );
              });
            }
            const parts = lineParts(rows.map((_, row) => value(row, column))).flatMap((part) =>
              withoutGaps(part, axis),
            );
            return parts.map((part) => {
              const points = part.map(({ index, value: each }) => `${xOf(index) + slot / 2},${yOf(each)}`);
              const [only] = part;
              if (part.length === 1 && only !== undefined)
                points.unshift(`${xOf(only.index)},${yOf(only.value)}`);
              return (
                <polyline
                  key={`${column} ${only?.index}`}
                  points={points.join(" ")}
                  className={`fill-none ${look.stroke}`}
                  strokeWidth={1.75}
                  strokeLinejoin="round"
                  strokeLinecap="round"
                />
              );
            });
          })}
          {axis === undefined
            ? null
            : timeLabels(axis, Math.max(1, Math.floor(plotWidth / labelWidth) - 1)).map(({ at, text }) => (
                <text
                  key={at}
                  x={xOfTime(at) + slot / 2}
                  y={height - 8}
                  textAnchor={xOfTime(at) + (slot + labelWidth) / 2 > width ? "end" : "middle"}
                  className="fill-ink-3 text-small"
                >
                  {text}
                </text>
              ))}
          {rows.map((row, index) =>
            axis === undefined &&
            index % every === 0 &&
            (index === 0 || xOf(index) + (slot + labelWidth) / 2 <= width) ? (
              <text
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no other name
                key={index}
                x={xOf(index) + slot / 2}
                y={height - 8}
                textAnchor="middle"
                className="fill-ink-3 text-small"
              >
                {(cellText(row[x]) ?? "null").slice(0, 16)}
              </text>
            ) : null,
          )}
        </svg>
      </div>
    </div>
  );
}

type Part = readonly { readonly index: number; readonly value: number }[];

/** A line does not cross a time of which nothing is known. */
function withoutGaps(part: Part, axis: TimeAxis | undefined): Part[] {
  const parts: Part[] = [];
  let from = 0;
  part.forEach(({ index }, place) => {
    if (place === 0 || axis?.isGap(index) !== true) return;
    parts.push(part.slice(from, place));
    from = place;
  });
  return [...parts, part.slice(from)];
}

function describe({ columns, rows }: ResultTable, { x, ys }: ChartChoice, row: number): string {
  const figures = ys.map((column) => {
    const value = cellNumber(rows[row]?.[column], columns[column]?.type ?? "");
    return `${columns[column]?.name} ${value === undefined ? "none" : (isHuge(value) ? hugeFigure : figure).format(value)}`;
  });
  return `${cellText(rows[row]?.[x]) ?? "null"}: ${figures.join(", ")}`;
}
