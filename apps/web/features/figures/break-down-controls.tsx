"use client";

import { numberWords } from "@downbeat/api/figure-words";
import type { ReactNode } from "react";
import { byText, type FiguresParams, parseBy } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import { Select } from "@/components/field.tsx";
import { useKnownNumbers } from "./use-break-down.ts";

interface BreakDownControlsProps {
  readonly params: FiguresParams;
  readonly onChange: (params: Partial<FiguresParams>) => void;
  /** Beside them. */
  readonly children?: ReactNode;
}

export function BreakDownControls({ params, onChange, children }: BreakDownControlsProps) {
  const { data } = useKnownNumbers(params.workflow);
  const { of, by, number } = params;
  const labels = data?.labels ?? [];
  const numbers = data?.numbers ?? [];
  const isKnownLabel = by?.by !== "label" || labels.includes(by.key);
  const isKnownNumber = number === undefined || numbers.includes(number);
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 pb-3 max-[700px]:px-3">
      <Select
        aria-label="Runs"
        className="max-w-48"
        value={of}
        onChange={({ target }) => onChange({ of: target.value === "started" ? "started" : "ended" })}
      >
        <option value="ended">Runs that ended</option>
        <option value="started">Runs that started</option>
      </Select>
      <Select
        aria-label="Break down"
        className="max-w-56"
        value={byText(by)}
        onChange={({ target }) => onChange({ by: parseBy(target.value) })}
      >
        <option value="">Not broken down</option>
        <option value="workflow">By workflow</option>
        <option value="version">By version</option>
        <option value="error">By error</option>
        {isKnownLabel ? null : (
          <option value={byText(by)}>By label {by?.by === "label" ? by.key : ""}</option>
        )}
        {labels.map((key) => (
          <option key={key} value={byText({ by: "label", key })}>
            By label {key}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Number"
        className="max-w-64"
        value={number ?? ""}
        onChange={({ target }) => onChange({ number: target.value === "" ? undefined : target.value })}
      >
        <option value="">Count runs only</option>
        {isKnownNumber ? null : <option value={number}>Sum {numberWords(number)}</option>}
        {numbers.map((path) => (
          <option key={path} value={path}>
            Sum {numberWords(path)}
          </option>
        ))}
      </Select>
      {children}
    </div>
  );
}
