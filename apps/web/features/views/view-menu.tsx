"use client";

import type { SavedView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Bookmark, ChevronDown } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { notCopied } from "@/lib/copy-text.ts";
import { useCopy } from "@/lib/use-copy.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { messageOf } from "@/trpc/trouble.ts";
import { DeleteViewDialog } from "./delete-view-dialog.tsx";
import { SaveViewDialog } from "./load-save-view-dialog.ts";
import { useIsViewGone, useOpenView, useSavedViews } from "./use-saved-views.ts";

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
  const { data, error } = useSavedViews();
  const open = useOpenView(list);
  const isGone = useIsViewGone(list);
  const shareRefusal = useRefusal("keepBoards");
  const views = (data?.views ?? []).filter((view) => view.list === list);
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
        <div className="flex max-h-[60vh] w-72 flex-col overflow-y-auto">
          {error === null ? null : <p className="px-2 py-1 text-small text-stuck">{messageOf(error)}</p>}
          {isGone ? (
            <p className="px-2 py-1 text-small">
              The view in this address was deleted, or is private. The rest of the address still applies.
            </p>
          ) : null}
          {data !== undefined && views.length === 0 ? (
            <p className="px-2 py-1 text-ink-3 text-small">
              No views of this list yet. A view keeps filter, order and columns.
            </p>
          ) : null}
          <Views
            title="Mine"
            views={views.filter(({ owner }) => owner !== undefined)}
            open={open}
            onOpen={() => setOpen(false)}
          />
          <Views
            title="Shared"
            views={views.filter(({ owner }) => owner === undefined)}
            open={open}
            onOpen={() => setOpen(false)}
          />
          <div className="mt-1 flex flex-col border-line border-t pt-1">
            <Button look="quiet" className="justify-start" onClick={ask("save")}>
              Save this view…
            </Button>
            {open === undefined ? null : (
              <>
                <Button look="quiet" className="justify-start" refusal={changeRefusal} onClick={change}>
                  {isChanged ? "Save the changes, or rename…" : "Rename…"}
                </Button>

                <CopyViewLink view={open} />
                <Button
                  look="quiet"
                  className="justify-start text-stuck hover:text-stuck"
                  refusal={changeRefusal}
                  onClick={ask("delete")}
                >
                  Delete…
                </Button>
              </>
            )}
          </div>
        </div>
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

interface ViewsProps {
  readonly title: string;
  readonly views: readonly SavedView[];
  readonly open: SavedView | undefined;
  readonly onOpen: () => void;
}

function Views({ title, views, open, onOpen }: ViewsProps) {
  const routes = useRoutes();
  if (views.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="px-2 pt-1 text-ink-3 text-small">{title}</h2>
      <ul>
        {views.map((view) => (
          <li key={view.id}>
            <Link
              href={routes.view(view)}
              onClick={onOpen}
              aria-current={view.id === open?.id ? "true" : undefined}
              title={`Saved by ${view.savedBy}`}
              className={clsx(
                "block truncate rounded-md px-2 py-1 hover:bg-hover",
                view.id === open?.id && "bg-sunken font-strong",
              )}
            >
              {view.name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CopyViewLink({ view }: { readonly view: SavedView }) {
  const routes = useRoutes();
  const { outcome, copy } = useCopy(`${window.location.origin}${routes.view(view)}`);
  return (
    <Button look="quiet" className="justify-start" onClick={() => void copy()}>
      {outcome === "copied" ? "Copied the link" : outcome === "refused" ? notCopied : "Copy a link to it"}
    </Button>
  );
}
