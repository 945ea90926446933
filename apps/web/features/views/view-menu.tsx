"use client";

import type { SavedView } from "@downbeat/api/views";
import { Bookmark, ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { usePreloadAtRest } from "@/components/load-when-open.tsx";
import { Popover } from "@/components/popover.tsx";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { DeleteViewDialog } from "./delete-view-dialog.tsx";
import { SaveViewDialog } from "./load-save-view-dialog.ts";
import { ViewChoices } from "./load-view-choices.tsx";
import { useIsViewGone, useOpenView } from "./use-saved-views.ts";

interface ViewMenuProps {
  readonly list: SavedView["list"];
  /** Filter and order as they are now, as the list's address has them. */
  readonly query: string;
  /** Chosen and sized, where they are not as the list has them by itself. */
  readonly columns?: SavedView["columns"];
  /** The open view is saved as it is now. */
  readonly onSaved?: () => void;
}

/** How people look at this list: open one, save what is shown, rename, delete. */
export function ViewMenu({ list, query, columns, onSaved }: ViewMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<"save" | "delete">();
  // As it was when it was asked for: somebody may delete it meanwhile.
  const [changed, setChanged] = useState<SavedView>();
  usePreloadAtRest(ViewChoices);
  const open = useOpenView(list);
  const isGone = useIsViewGone(list);
  const shareRefusal = useRefusal("keepBoards");
  const isChanged =
    open !== undefined &&
    (open.query !== query || JSON.stringify(open.columns ?? null) !== JSON.stringify(columns ?? null));
  const changeRefusal = open !== undefined && open.owner === undefined ? shareRefusal : undefined;
  const ask = (what: typeof asked) => () => {
    setOpen(false);
    setAsked(what);
  };
  const change = () => {
    setOpen(false);
    setChanged(open);
  };
  useCommands([
    { id: "save-view", label: "Save this view…", group: "This page", run: ask("save") },
    ...(open === undefined
      ? []
      : ([
          {
            id: "change-view",
            label: `Change the view “${open.name}”…`,
            group: "This page",
            refusal: changeRefusal,
            run: change,
          },
        ] as const)),
  ]);
  return (
    <>
      <Popover
        label="Saved views"
        align="end"
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button className="max-w-60">
            <Bookmark aria-hidden size={14} />
            <span className="truncate">{isGone ? "View not found" : (open?.name ?? "Views")}</span>
            {isChanged ? <span className="text-ink-3 text-small">changed</span> : null}
            <ChevronDown aria-hidden size={13} />
          </Button>
        }
      >
        <ViewChoices
          {...{ list, open, isChanged, changeRefusal }}
          onOpen={() => setOpen(false)}
          onSave={ask("save")}
          onChange={change}
          onDelete={ask("delete")}
        />
      </Popover>
      {asked === "save" || changed !== undefined ? (
        <SaveViewDialog
          list={list}
          query={query}
          columns={columns}
          of={changed}
          onClose={() => {
            setAsked(undefined);
            setChanged(undefined);
          }}
          onSaved={onSaved}
        />
      ) : null}
      <DeleteViewDialog view={asked === "delete" ? open : undefined} onClose={() => setAsked(undefined)} />
    </>
  );
}
