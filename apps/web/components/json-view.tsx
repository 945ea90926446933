// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
// biome-ignore-all lint/a11y/useSemanticElements: a payload is not a section of the page
"use client";

import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { plural } from "@/lib/number.ts";
import { CopyButton } from "./copy-button.tsx";

interface JsonViewProps {
  /** JSON text, exactly as it is stored: that is what is copied. */
  readonly text: string;
  /** What it is, e.g. "input". */
  readonly what: string;
  readonly className?: string;
}

/** More than this is folded at first. */
const shownEntries = 40;
const shownCharacters = 240;
const openLength = 1_500;

export function JsonView({ text, what, className }: JsonViewProps) {
  const parsed = useMemo(() => parse(text), [text]);
  return (
    <div className={clsx("group/json relative rounded-md border border-line bg-canvas", className)}>
      <div
        role="group"
        tabIndex={0}
        aria-label={what}
        className="max-h-80 overflow-auto px-3 py-2 font-mono text-small"
      >
        {parsed.isJson ? (
          <Value value={parsed.value} depth={0} opens={text.length <= openLength} />
        ) : (
          <pre className="whitespace-pre-wrap break-all">{text}</pre>
        )}
      </div>
      <CopyButton text={text} what={what} className="absolute top-1 right-1 bg-canvas" />
    </div>
  );
}

type Parsed = { readonly isJson: true; readonly value: unknown } | { readonly isJson: false };

function parse(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    return { isJson: true, value };
  } catch {
    return { isJson: false };
  }
}

interface ValueProps {
  readonly value: unknown;
  readonly depth: number;
  readonly opens: boolean;
  readonly name?: string;
  readonly isLast?: boolean;
}

function Value({ value, depth, opens, name, isLast = true }: ValueProps) {
  if (value !== null && typeof value === "object")
    return (
      <Branch
        value={value}
        depth={depth}
        opens={opens}
        name={name ?? ""}
        isLast={isLast}
        hasName={name !== undefined}
      />
    );
  return (
    <div className="break-all pl-4">
      {name === undefined ? null : <Name name={name} />}
      <Leaf value={value} />
      {isLast ? "" : <span className="text-ink-3">,</span>}
    </div>
  );
}

function Name({ name }: { name: string }) {
  return (
    <>
      <span className="text-accent">{name}</span>
      <span className="mr-[1ch] text-ink-3">:</span>
    </>
  );
}

function Leaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== "string") return <span className="text-waiting">{String(value)}</span>;
  const isLong = value.length > shownCharacters && !isWhole;
  return (
    <span className="whitespace-pre-wrap">
      "{isLong ? value.slice(0, shownCharacters) : value}"
      {isLong ? (
        <MoreButton onClick={() => setWhole(true)}>
          {plural(value.length - shownCharacters, "more character")}
        </MoreButton>
      ) : null}
    </span>
  );
}

interface BranchProps {
  readonly value: object;
  readonly depth: number;
  readonly opens: boolean;
  readonly name: string;
  readonly hasName: boolean;
  readonly isLast: boolean;
}

function Branch({ value, depth, opens, name, hasName, isLast }: BranchProps) {
  const [isOpen, setOpen] = useState(opens || depth === 0);
  const [shown, setShown] = useState(shownEntries);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const [start, end] = isList ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0)
    return (
      <div className="pl-4">
        {hasName ? <Name name={name} /> : null}
        <span className="text-ink-3">{`${start}${end}${isLast ? "" : ","}`}</span>
      </div>
    );
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex max-w-full items-center rounded text-left hover:bg-sunken"
      >
        <ChevronRight
          aria-hidden
          size={12}
          className={clsx("mr-1 shrink-0 text-ink-3", isOpen && "rotate-90")}
        />
        {hasName ? <Name name={name} /> : null}
        <span className="text-ink-3">{isOpen ? start : `${start}…${end}`}</span>
        {isOpen ? null : (
          <span className="ml-2 text-ink-3">
            {isList ? plural(entries.length, "item") : plural(entries.length, "field")}
          </span>
        )}
      </button>
      {isOpen ? (
        <>
          <div className="ml-[5px] border-line border-l pl-2">
            {entries.slice(0, shown).map(([key, child], index) => (
              <Value
                key={key}
                value={child}
                depth={depth + 1}
                opens={opens}
                isLast={index === entries.length - 1}
                {...(isList ? {} : { name: key })}
              />
            ))}
            {entries.length > shown ? (
              <MoreButton onClick={() => setShown(shown + 200)}>
                {plural(entries.length - shown, "more entry", "more entries")}
              </MoreButton>
            ) : null}
          </div>
          <div className="pl-4 text-ink-3">{`${end}${isLast ? "" : ","}`}</div>
        </>
      ) : null}
    </div>
  );
}

function MoreButton({ children, onClick }: { children: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} className="ml-4 rounded px-1 text-accent hover:underline">
      … {children}
    </button>
  );
}
