"use client";

import { ArrowLeft, ArrowRight, Columns3 } from "lucide-react";
import { Button, IconButton } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { choosable, labelOf, lasting, moved, toggled } from "./run-columns.ts";
import type { RunColumns } from "./use-run-columns.ts";

interface ColumnMenuProps extends RunColumns {
  /** Of the runs that are shown. */
  readonly labelKeys: readonly string[];
}

/** Which columns the list has, and in which order. */
export function ColumnMenu({ columns, own, change, labelKeys }: ColumnMenuProps) {
  return (
    <Popover
      label="Columns"
      align="end"
      trigger={
        <Button size="small">
          <Columns3 aria-hidden size={13} /> Columns
        </Button>
      }
    >
      <ul className="max-h-[50vh] w-72 overflow-y-auto">
        {choosable(columns, labelKeys).map(({ id, title }) => {
          const at = columns.findIndex((column) => column.id === id);
          const isChosen = at >= 0;
          return (
            <li key={id} className="flex h-7 items-center gap-1 px-1">
              <label className="flex min-w-0 flex-1 items-center gap-2">
                <input
                  type="checkbox"
                  checked={isChosen}
                  disabled={id === lasting}
                  onChange={() => change(toggled(columns, id))}
                />
                <span className="truncate">{labelOf(id) === undefined ? title : `Label ${title}`}</span>
              </label>
              {isChosen ? (
                <>
                  <IconButton
                    label={`Move ${title} to the left`}
                    disabled={at === 0}
                    onClick={() => change(moved(columns, id, -1))}
                  >
                    <ArrowLeft aria-hidden size={13} />
                  </IconButton>
                  <IconButton
                    label={`Move ${title} to the right`}
                    disabled={at === columns.length - 1}
                    onClick={() => change(moved(columns, id, 1))}
                  >
                    <ArrowRight aria-hidden size={13} />
                  </IconButton>
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
      {own === undefined ? null : (
        <Button look="quiet" size="small" className="mt-1" onClick={() => change(undefined)}>
          As they were
        </Button>
      )}
    </Popover>
  );
}
