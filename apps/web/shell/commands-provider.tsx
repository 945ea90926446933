"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from "react";
import { type Command, type CommandRegistry, createCommandRegistry, createKeyMatcher } from "./commands.ts";

const CommandsContext = createContext<CommandRegistry | undefined>(undefined);

export function CommandsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createCommandRegistry);
  useEffect(() => {
    const match = createKeyMatcher(registry.list);
    function onKeyDown(event: KeyboardEvent): void {
      const chord = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || (!chord && isTaken(event.target))) return;
      const command = match(event);
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [registry]);
  return <CommandsContext value={registry}>{children}</CommandsContext>;
}

/** Keys belong to what is typed in, and to an open dialog. */
function isTaken(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [role=dialog], [contenteditable]") !== null
  );
}

function useRegistry(): CommandRegistry {
  const registry = useContext(CommandsContext);
  if (registry === undefined) throw new Error("commands need a CommandsProvider above them");
  return registry;
}

const none: readonly Command[] = [];

export function useCommandList(): readonly Command[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.onChange, registry.list, () => none);
}

/** Offers commands while the component is shown. They are told apart by id, label and keys; what they run may change freely. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useRegistry();
  const run = useEffectEvent((id: string) => {
    const command = commands.find((one) => one.id === id);
    if (command?.refusal === undefined) command?.run();
  });
  const identity = JSON.stringify(
    commands.map(({ id, label, group, keys, keyOnly, refusal }) => [
      id,
      label,
      group,
      keys,
      keyOnly,
      refusal,
    ]),
  );
  const current = useEffectEvent(() =>
    commands.map((command) => ({ ...command, run: () => run(command.id) })),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: registered again only when what is listed changes
  useEffect(() => registry.register(current()), [registry, identity]);
}
