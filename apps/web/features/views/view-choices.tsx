"use client";

import type { SavedView } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import { Button } from "@/components/button.tsx";
import { notCopied } from "@/lib/copy-text.ts";
import { useCopy } from "@/lib/use-copy.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { messageOf } from "@/trpc/trouble.ts";
import { useIsViewGone, useSavedViews } from "./use-saved-views.ts";

interface ViewChoicesProps {
  readonly list: SavedView["list"];
  readonly open: SavedView | undefined;
  readonly isChanged: boolean;
  /** Why the open one can't be changed. */
  readonly changeRefusal: string | undefined;
  readonly onOpen: () => void;
  readonly onSave: () => void;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** The saved views of a list, and what can be done with the open one. */
export function ViewChoices(props: ViewChoicesProps) {
  const { list, open, isChanged, changeRefusal, onOpen, onSave, onChange, onDelete } = props;
  const { data, error } = useSavedViews();
  const isGone = useIsViewGone(list);
  const views = (data?.views ?? []).filter((view) => view.list === list);
  return (
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
        onOpen={onOpen}
      />
      <Views
        title="Shared"
        views={views.filter(({ owner }) => owner === undefined)}
        open={open}
        onOpen={onOpen}
      />
      <div className="mt-1 flex flex-col border-line border-t pt-1">
        <Button look="quiet" className="justify-start" onClick={onSave}>
          Save this view…
        </Button>
        {open === undefined ? null : (
          <>
            <Button look="quiet" className="justify-start" refusal={changeRefusal} onClick={onChange}>
              {isChanged ? "Save the changes, or rename…" : "Rename…"}
            </Button>

            <CopyViewLink view={open} />
            <Button
              look="quiet"
              className="justify-start text-stuck hover:text-stuck"
              refusal={changeRefusal}
              onClick={onDelete}
            >
              Delete…
            </Button>
          </>
        )}
      </div>
    </div>
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
