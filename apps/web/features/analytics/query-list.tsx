"use client";

import type { AnalyticsAbout, SavedQuery } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/components/button.tsx";
import { sourceWords } from "./source-words.ts";

interface QueryListProps {
  readonly saved: readonly SavedQuery[] | undefined;
  /** Why the saved ones can't be shown. */
  readonly problem: string | undefined;
  readonly sources: readonly AnalyticsAbout[];
  readonly examples: AnalyticsAbout["examples"];
  readonly openId: string | undefined;
  readonly onOpen: (query: SavedQuery) => void;
  readonly onExample: (sql: string) => void;
  readonly onDelete: (query: SavedQuery) => void;
}

export function QueryList(props: QueryListProps) {
  const { saved, problem, sources, examples, openId, onOpen, onExample, onDelete } = props;
  const showsSource = sources.length > 1 || saved?.some(({ source }) => source !== sources[0]?.id) === true;
  return (
    <>
      <Heading>Saved queries</Heading>
      {problem !== undefined ? <p className="px-2 pb-2 text-ink-2 text-small">{problem}</p> : null}
      {saved?.length === 0 ? (
        <p className="px-2 pb-2 text-ink-3 text-small">
          None yet. What is saved here, everybody on this namespace can open.
        </p>
      ) : null}
      <ul>
        {saved?.map((query) => (
          <li key={query.id} className="group/saved flex items-center">
            <button
              type="button"
              aria-current={query.id === openId ? "true" : undefined}
              onClick={() => onOpen(query)}
              title={`${query.name}\nSaved by ${query.savedBy} for ${sourceWords(query.source).name}`}
              className={clsx(
                "flex h-7 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left",
                query.id === openId ? "bg-sunken font-strong" : "hover:bg-hover",
              )}
            >
              <span className="min-w-0 flex-1 truncate">{query.name}</span>
              {showsSource ? (
                <span className="shrink-0 text-ink-3 text-small">{sourceWords(query.source).dialect}</span>
              ) : null}
            </button>
            <IconButton
              label={`Delete “${query.name}”`}
              onClick={() => onDelete(query)}
              className="opacity-0 focus-visible:opacity-100 group-hover/saved:opacity-100 [@media(hover:none)]:opacity-100"
            >
              <Trash2 aria-hidden size={13} />
            </IconButton>
          </li>
        ))}
      </ul>
      <Heading>Examples</Heading>
      <ul>
        {examples.map(({ name, sql }) => (
          <li key={name}>
            <button
              type="button"
              title={sql}
              onClick={() => onExample(sql)}
              className="min-h-7 w-full rounded-md px-2 py-1 text-left hover:bg-hover"
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Heading({ children }: { children: ReactNode }) {
  return <h2 className="px-2 pt-3 pb-1 font-strong text-ink-2 text-small">{children}</h2>;
}
