"use client";

import * as Radix from "@radix-ui/react-dialog";
import { useQuery } from "@tanstack/react-query";
import { Command as Cmdk } from "cmdk";
import { CornerDownLeft, FileText, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { Kbd } from "@/components/kbd.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { returnFocus } from "@/lib/focus-keeper.ts";
import { shortId } from "@/lib/short-id.ts";
import { lookOfRun } from "@/lib/status.ts";
import { useSettled } from "@/lib/use-settled.ts";
import { useTRPC } from "@/trpc/react.ts";
import { commandGroups } from "./commands.ts";
import { useCommandList } from "./commands-provider.tsx";
import { useRoutes } from "./namespace-provider.tsx";

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function CommandPalette({ open, onOpenChange }: PaletteProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-[rgb(10_12_16_/_0.42)]" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus();
          }}
          className="fade-in -translate-x-1/2 fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-32px)] max-w-[600px] overflow-hidden rounded-xl border border-line bg-raised shadow-raised"
        >
          <Radix.Title className="sr-only">Go to a run, a page or an action</Radix.Title>
          <PaletteContent onDone={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteContent({ onDone }: { onDone: () => void }) {
  const routes = useRoutes();
  const router = useRouter();
  const trpc = useTRPC();
  const commands = useCommandList().filter((command) => command.keyOnly !== true);
  const [text, setText] = useState("");
  const wanted = useSettled(text.trim(), 120);
  const found = useQuery(
    trpc.runs.list.queryOptions(
      { filter: { text: wanted }, limit: 8 },
      { enabled: wanted.length > 1, placeholderData: (previous) => previous },
    ),
  );
  const isAnswered = wanted === text.trim() && !found.isPlaceholderData;
  const listed = wanted.length > 1 ? (found.data?.runs ?? []) : [];
  // Until the answer is there, of those found for what was typed before only what still fits: Enter opens the first.
  const runs = isAnswered ? listed : listed.filter(({ runId }) => isPartOf(runId, text.trim()));
  const [chosen, setChosen] = useState("");
  const first = runs[0]?.runId;
  // What is typed is mostly a part of an id: Enter opens the run that was found, not one of that very name.
  useEffect(() => {
    if (first !== undefined) setChosen(itemValue(text, first));
  }, [first, text]);

  function go(address: string): void {
    onDone();
    router.push(address);
  }

  return (
    <Cmdk label="Go to a run, a page or an action" loop value={chosen} onValueChange={setChosen}>
      <div className="flex h-12 items-center gap-2 border-line border-b px-4">
        <Search aria-hidden size={16} className="text-ink-3" />
        <Cmdk.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="Run id, page or action"
          className="h-full flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Cmdk.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Cmdk.Empty className="px-3 py-6 text-center text-ink-2">Nothing is called that.</Cmdk.Empty>
        {runs.length === 0 ? null : (
          <Group heading="Runs">
            {runs.map((run) => (
              <Item
                key={run.runId}
                value={itemValue(text, run.runId)}
                onSelect={() => go(routes.run(run.runId))}
              >
                <span className="w-28">
                  <StatusMark look={lookOfRun(run.shown)} />
                </span>
                <span className="flex-1 truncate font-mono">{shortId(run.runId, 36)}</span>
                <span className="text-ink-3">{run.workflow}</span>
              </Item>
            ))}
          </Group>
        )}
        {commandGroups.map((group) => {
          const members = commands.filter((command) => command.group === group);
          return members.length === 0 ? null : (
            <Group key={group} heading={group}>
              {members.map((command) => (
                <Item
                  key={command.id}
                  value={command.label}
                  refusal={command.refusal}
                  onSelect={() => {
                    onDone();
                    command.run();
                  }}
                >
                  <span className="shrink-0">{command.label}</span>
                  <span className="flex-1 truncate text-ink-3 text-small">{command.refusal}</span>
                  {command.keys === undefined ? null : (
                    <span className="text-ink-3 text-small">{command.keys}</span>
                  )}
                </Item>
              ))}
            </Group>
          );
        })}
        {text.trim() === "" ? null : (
          <Group heading="Exactly as typed">
            <Item value={`${text} open exactly`} onSelect={() => go(routes.run(text.trim()))}>
              <CornerDownLeft aria-hidden size={14} className="text-ink-3" />
              <span className="truncate">
                Open run <span className="font-mono">{text.trim()}</span>
              </span>
            </Item>
            <Item value={`${text} tell case`} onSelect={() => go(routes.case({ text: text.trim() }))}>
              <FileText aria-hidden size={14} className="text-ink-3" />
              <span className="truncate">
                Tell the case of <span className="font-mono">{text.trim()}</span>
              </span>
            </Item>
            <Item value={`${text} search list`} onSelect={() => go(routes.runs({ text: text.trim() }))}>
              <Search aria-hidden size={14} className="text-ink-3" />
              <span className="truncate">
                Search runs for <span className="font-mono">{text.trim()}</span>
              </span>
            </Item>
          </Group>
        )}
      </Cmdk.List>
    </Cmdk>
  );
}

function isPartOf(runId: string, text: string): boolean {
  return runId.toLowerCase().includes(text.toLowerCase());
}

/** Begins with what is typed, so that it fits what is typed. */
const itemValue = (text: string, runId: string): string => `${text.trim()} run ${runId}`;

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Cmdk.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-small"
    >
      {children}
    </Cmdk.Group>
  );
}

interface ItemProps {
  readonly value: string;
  readonly onSelect: () => void;
  /** It can be reached all the same, so that everybody finds out. */
  readonly refusal?: string | undefined;
  readonly children: ReactNode;
}

function Item({ value, onSelect, refusal, children }: ItemProps) {
  return (
    <Cmdk.Item
      value={value}
      data-refused={refusal === undefined ? undefined : ""}
      onSelect={() => (refusal === undefined ? onSelect() : undefined)}
      className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-2.5 data-[refused]:cursor-not-allowed data-[refused]:text-ink-3 data-[selected=true]:bg-accent-soft"
    >
      {children}
    </Cmdk.Item>
  );
}
