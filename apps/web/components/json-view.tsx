// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
// biome-ignore-all lint/a11y/useSemanticElements: a payload is not a section of the page
"use client";

import { encryptedOf } from "@downbeat/domain";
import { clsx } from "clsx";
import { ChevronRight, Search } from "lucide-react";
import { createContext, useContext, useDeferredValue, useMemo, useRef, useState } from "react";
import { type FoundJson, findInJson, nothingFound } from "@/lib/json-find.ts";
import { type JsonNode, jsonTree } from "@/lib/json-text.ts";
import { type JsonWord, wordOf } from "@/lib/json-word.ts";
import { plural } from "@/lib/number.ts";
import { CopyButton } from "./copy-button.tsx";
import { EncryptedPayload } from "./encrypted-payload.tsx";

interface JsonViewProps {
  /** JSON text, exactly as it is stored: that is what is shown and copied. */
  readonly text: string;
  /** What it is, e.g. "input". */
  readonly what: string;
  readonly className?: string | undefined;
}

/** More than this is folded at first. */
const shownEntries = 40;
const shownCharacters = 240;
const openLength = 1_500;

interface Shown {
  readonly text: string;
  readonly opens: boolean;
  readonly found: FoundJson;
}

const ShownJson = createContext<Shown>({ text: "", opens: true, found: nothingFound });

export function JsonView({ text, what, className }: JsonViewProps) {
  const encrypted = encryptedOf(text);
  return encrypted === undefined ? (
    <PlainJson text={text} what={what} className={className} />
  ) : (
    <EncryptedPayload encrypted={encrypted} text={text} what={what} className={className} />
  );
}

function PlainJson({ text, what, className }: JsonViewProps) {
  const [typed, setTyped] = useState("");
  // What is found in a long text is drawn when there is time: typing goes on.
  const wanted = useDeferredValue(typed);
  const tree = useMemo(() => jsonTree(text), [text]);
  const found = useMemo(
    () => (tree === undefined ? nothingFound : findInJson(text, tree, wanted)),
    [text, tree, wanted],
  );
  const opens = text.length <= openLength;
  const shown = useMemo(() => ({ text, opens, found }), [text, opens, found]);
  const box = useRef<HTMLDivElement>(null);
  return (
    <div className={clsx("group/json relative rounded-md border border-line bg-canvas", className)}>
      {opens || tree === undefined ? null : (
        <FindBox what={what} typed={typed} onType={setTyped} count={found.matches.size} box={box} />
      )}
      <div
        ref={box}
        role="group"
        tabIndex={0}
        aria-label={what}
        className="max-h-80 overflow-auto px-3 py-2 font-mono text-small"
      >
        {tree === undefined ? (
          <pre className="whitespace-pre-wrap break-all">{text}</pre>
        ) : (
          <ShownJson.Provider value={shown}>
            <Value node={tree} isLast />
          </ShownJson.Provider>
        )}
      </div>
      <CopyButton text={text} what={what} className="absolute top-1 right-1 bg-canvas" />
    </div>
  );
}

interface FindBoxProps {
  readonly what: string;
  readonly typed: string;
  readonly onType: (text: string) => void;
  readonly count: number;
  readonly box: React.RefObject<HTMLDivElement | null>;
}

/** What is folded can't be found by the browser. */
function FindBox({ what, typed, onType, count, box }: FindBoxProps) {
  const at = useRef(-1);
  function next(by: number): void {
    const marks = [...(box.current?.querySelectorAll("mark") ?? [])];
    if (marks.length === 0) return;
    at.current = (at.current + by + marks.length) % marks.length;
    marks[at.current]?.scrollIntoView({ block: "nearest" });
  }
  return (
    <div className="flex h-7 items-center gap-1.5 border-line border-b pr-9 pl-3 text-small focus-within:border-accent print:hidden">
      <Search aria-hidden size={12} className="shrink-0 text-ink-3" />
      <input
        type="search"
        aria-label={`Search the ${what}`}
        placeholder={`Search the ${what}`}
        value={typed}
        onChange={({ target }) => {
          at.current = -1;
          onType(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          next(event.shiftKey ? -1 : 1);
        }}
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
      />
      <span role="status" className="shrink-0 text-ink-3">
        {typed.trim() === "" ? "" : count === 0 ? "No matches" : plural(count, "match", "matches")}
      </span>
    </div>
  );
}

interface ValueProps {
  readonly node: JsonNode;
  readonly isLast: boolean;
  readonly name?: JsonNode | undefined;
}

function Value({ node, isLast, name }: ValueProps) {
  if (node.children !== undefined && node.children.length > 0)
    return <Branch node={node} items={node.children} isLast={isLast} name={name} />;
  return (
    <div className="break-all pl-4">
      {name === undefined ? null : <Name node={name} />}
      <Leaf node={node} />
      {isLast ? "" : <span className="text-ink-3">,</span>}
    </div>
  );
}

function Name({ node }: { node: JsonNode }) {
  const { text, found } = useContext(ShownJson);
  const { shown } = wordOf(text, node);
  // Quotes would only be in the way where a name can't be taken for anything else.
  const isPlain = /^"[\w$-]+"$/.test(shown);
  return (
    <>
      <span className="text-accent">
        <Marked isFound={found.matches.has(node)}>{isPlain ? shown.slice(1, -1) : shown}</Marked>
      </span>
      <span className="mr-[1ch] text-ink-3">:</span>
    </>
  );
}

function Leaf({ node }: { node: JsonNode }) {
  const { text, found } = useContext(ShownJson);
  const [isWhole, setWhole] = useState(false);
  const word: JsonWord = useMemo(() => wordOf(text, node), [text, node]);
  const isFound = found.matches.has(node);
  if (!word.isText) {
    const isEmpty = node.children !== undefined;
    return (
      <span className={isEmpty ? "text-ink-3" : "text-waiting"}>
        <Marked isFound={isFound}>{word.shown}</Marked>
      </span>
    );
  }
  const isLong = word.shown.length > shownCharacters + 2 && !isWhole && !isFound;
  if (!isLong)
    return (
      <span className="whitespace-pre-wrap">
        <Marked isFound={isFound}>{word.shown}</Marked>
      </span>
    );
  const cut = cutAt(word.shown, shownCharacters + 1);
  return (
    <span className="whitespace-pre-wrap">
      {word.shown.slice(0, cut)}
      <MoreButton onClick={() => setWhole(true)}>
        {plural(word.shown.length - 1 - cut, "more character")}
      </MoreButton>
    </span>
  );
}

/** Not within an escape, which would be another then. */
function cutAt(shown: string, most: number): number {
  const begun = /\\u?[0-9a-fA-F]{0,3}$/.exec(shown.slice(Math.max(0, most - 5), most));
  return begun === null ? most : most - begun[0].length;
}

function Marked({ isFound, children }: { isFound: boolean; children: string }) {
  return isFound ? <mark className="rounded bg-waiting-soft text-inherit">{children}</mark> : children;
}

interface BranchProps extends ValueProps {
  readonly items: readonly JsonNode[];
}

function Branch({ node, items, isLast, name }: BranchProps) {
  const { opens, found } = useContext(ShownJson);
  const [choice, setChoice] = useState<{ readonly isOpen: boolean; readonly found: FoundJson }>();
  const [most, setMost] = useState(shownEntries);
  const holds = found.branches.has(node);
  // What is found opens what holds it, until somebody folds it again.
  const chosen = holds && choice?.found !== found ? undefined : choice?.isOpen;
  const isOpen = chosen ?? (opens || node.parent === undefined || holds);
  const isList = node.type === "array";
  const [start, end] = isList ? ["[", "]"] : ["{", "}"];
  const hasMore = items.length > most;
  const entries = items
    .map((item, index) => ({ item, index }))
    .filter(({ item, index }) => index < most || found.branches.has(item) || found.matches.has(item));
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setChoice({ isOpen: !isOpen, found })}
        className="flex max-w-full items-center rounded text-left hover:bg-sunken"
      >
        <ChevronRight
          aria-hidden
          size={12}
          className={clsx("mr-1 shrink-0 text-ink-3", isOpen && "rotate-90")}
        />
        {name === undefined ? null : <Name node={name} />}
        <span className="text-ink-3">{isOpen ? start : `${start}…${end}`}</span>
        {isOpen ? null : (
          <span className="ml-2 text-ink-3">
            {isList ? plural(items.length, "item") : plural(items.length, "field")}
          </span>
        )}
      </button>
      {isOpen ? (
        <>
          <div className="ml-[5px] border-line border-l pl-2">
            {entries.map(({ item, index }) => {
              const [key, value = item] = item.type === "property" ? (item.children ?? []) : [];
              return <Value key={index} node={value} name={key} isLast={index === items.length - 1} />;
            })}
            {hasMore ? (
              <MoreButton onClick={() => setMost(most + 200)}>
                {plural(items.length - entries.length, "more entry", "more entries")}
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
