"use client";

import type { NamespaceView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Check, ChevronsUpDown } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { type KeyboardEvent, useRef, useState } from "react";
import { TextInput } from "@/components/field.tsx";
import { Popover } from "@/components/popover.tsx";
import { formatNamespace, isSameNamespace } from "@/lib/namespace.ts";
import { samePage } from "@/routes.ts";
import { useCommands } from "./commands-provider.tsx";
import { useNamespaces } from "./namespace-provider.tsx";

/** Fewer are seen at a glance. */
const worthFiltering = 8;

/** Which tenant and namespace is looked at, and the way to another. Nothing where there is but one. */
export function NamespaceSwitcher() {
  const { current, all } = useNamespaces();
  const pathname = usePathname();
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const first = useRef<HTMLElement | null>(null);
  const others = all.filter((each) => !isSameNamespace(each, current));
  useCommands(
    others.length === 0
      ? []
      : [
          {
            id: "namespace",
            label: "Another namespace",
            group: "Go to",
            keys: "g n",
            keyOnly: true,
            run: () => setOpen(true),
          },
          ...others.map((each) => ({
            id: `namespace ${formatNamespace(each)}`,
            label: `Switch to ${formatNamespace(each)}`,
            group: "Namespaces" as const,
            run: () => router.push(samePage(each, pathname)),
          })),
        ],
  );
  if (others.length === 0) return null;
  return (
    <Popover
      label="Namespaces"
      open={isOpen}
      onOpenChange={setOpen}
      initialFocus={first}
      trigger={
        <button
          type="button"
          title={`Tenant ${current.tenant}, namespace ${current.namespace}: change to another (g n)`}
          className="mb-2 flex h-11 items-center gap-2 rounded-md px-2 text-left hover:bg-hover max-[1000px]:h-8 max-[1000px]:justify-center max-[1000px]:border max-[1000px]:border-line"
        >
          <span className="min-w-0 flex-1 max-[1000px]:sr-only">
            <span className="block truncate text-ink-3 text-small">{current.tenant}</span>
            <span className="block truncate font-strong leading-tight">{current.namespace}</span>
          </span>
          <span aria-hidden className="hidden font-strong max-[1000px]:inline">
            {current.namespace.slice(0, 2)}
          </span>
          <ChevronsUpDown aria-hidden size={14} className="shrink-0 text-ink-3 max-[1000px]:hidden" />
        </button>
      }
    >
      <Choices all={all} current={current} pathname={pathname} first={first} onDone={() => setOpen(false)} />
    </Popover>
  );
}

interface ChoicesProps {
  readonly all: readonly NamespaceView[];
  readonly current: NamespaceView;
  readonly pathname: string;
  readonly first: { current: HTMLElement | null };
  readonly onDone: () => void;
}

/** Links, so that one opens in a new tab like any other. */
function Choices({ all, current, pathname, first, onDone }: ChoicesProps) {
  const [text, setText] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const isFiltered = all.length > worthFiltering;
  const shown = all.filter((each) => formatNamespace(each).toLowerCase().includes(text.trim().toLowerCase()));

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const links = [...(list.current?.querySelectorAll("a") ?? [])];
    const at = links.findIndex((link) => link.matches(":focus"));
    links[at < 0 && step < 0 ? links.length - 1 : (at + step + links.length) % links.length]?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links inside
    <div onKeyDown={onKeyDown}>
      {isFiltered ? (
        <TextInput
          ref={(element) => {
            first.current = element;
          }}
          type="search"
          aria-label="Find a namespace"
          placeholder="Tenant or namespace"
          className="mb-1"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <ul ref={list} className="max-h-[50vh] max-w-100 overflow-y-auto">
        {shown.map((each) => {
          const isCurrent = isSameNamespace(each, current);
          return (
            <li key={formatNamespace(each)}>
              <Link
                ref={(element) => {
                  if (isCurrent && !isFiltered) first.current = element;
                }}
                href={samePage(each, pathname)}
                aria-current={isCurrent ? "true" : undefined}
                onClick={onDone}
                className={clsx(
                  "-outline-offset-2 flex h-8 items-center gap-2 rounded-md px-2 hover:bg-hover",
                  isCurrent ? "font-strong text-ink" : "text-ink-2",
                )}
              >
                <span className="min-w-0 flex-1 truncate">
                  <span className="text-ink-3">{each.tenant}/</span>
                  {each.namespace}
                </span>
                {isCurrent ? <Check aria-hidden size={14} className="shrink-0" /> : null}
              </Link>
            </li>
          );
        })}
      </ul>
      {shown.length === 0 ? <p className="px-2 py-3 text-ink-2">No namespace is called that.</p> : null}
    </div>
  );
}
