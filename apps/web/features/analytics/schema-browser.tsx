"use client";

import type { ColdTable } from "@downbeat/api/views";
import { ChevronRight, Table2 } from "lucide-react";

interface SchemaBrowserProps {
  readonly tables: readonly ColdTable[];
  readonly onInsert: (name: string) => void;
}

/** What can be asked. A name that is clicked is written into the statement. */
export function SchemaBrowser({ tables, onInsert }: SchemaBrowserProps) {
  return (
    <ul>
      {tables.map(({ name, about, columns }) => (
        <li key={name}>
          <details className="group/table">
            <summary className="flex h-7 cursor-pointer list-none items-center gap-1.5 rounded-md px-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
              <ChevronRight
                aria-hidden
                size={12}
                className="shrink-0 text-ink-3 group-open/table:rotate-90"
              />
              <Table2 aria-hidden size={13} className="shrink-0 text-ink-3" />
              <span className="truncate font-mono text-small">{name}</span>
            </summary>
            <div className="pb-2 pl-5">
              {about === undefined ? null : <p className="px-2 pb-1 text-ink-3 text-small">{about}</p>}
              <Name name={name} detail="the table" onInsert={onInsert} />
              <ul>
                {columns.map((column) => (
                  <li key={column.name}>
                    <Name
                      name={column.name}
                      detail={column.type.toLowerCase()}
                      about={column.about}
                      onInsert={onInsert}
                    />
                  </li>
                ))}
              </ul>
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}

interface NameProps {
  readonly name: string;
  readonly detail: string;
  readonly about?: string | undefined;
  readonly onInsert: (name: string) => void;
}

function Name({ name, detail, about, onInsert }: NameProps) {
  return (
    <button
      type="button"
      onClick={() => onInsert(name)}
      title={`${about === undefined ? "" : `${about}\n`}Insert ${name}`}
      className="flex h-6 w-full items-center gap-2 rounded-md px-2 text-left text-small hover:bg-hover"
    >
      <span className="min-w-0 flex-1 truncate font-mono">{name}</span>
      <span className="max-w-24 shrink-0 truncate text-ink-3">{detail}</span>
    </button>
  );
}
