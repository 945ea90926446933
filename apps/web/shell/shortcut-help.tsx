"use client";

import { Dialog } from "@/components/dialog.tsx";
import { Kbd } from "@/components/kbd.tsx";
import { type Command, type CommandGroup, commandGroups } from "./commands.ts";
import { useCommandList } from "./commands-provider.tsx";

interface ShortcutHelpProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function ShortcutHelp({ open, onOpenChange }: ShortcutHelpProps) {
  const commands = useCommandList().filter((command) => command.keys !== undefined);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="grid gap-5 sm:grid-cols-2">
        {commandGroups.map((group) => (
          <Shortcuts
            key={group}
            group={group}
            commands={commands.filter((command) => command.group === group)}
          />
        ))}
      </div>
    </Dialog>
  );
}

function Shortcuts({ group, commands }: { group: CommandGroup; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 font-strong text-ink-2">{group}</h3>
      <dl>
        {commands.map(({ id, label, keys = "" }) => (
          <div key={id} className="flex min-h-7 items-center gap-2">
            <dt className="min-w-0 flex-1">{label}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.split(" ").map((key) => (
                <Kbd key={key}>{keyName(key)}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const names: Readonly<Record<string, string>> = { Enter: "↵", ArrowUp: "↑", ArrowDown: "↓" };

function keyName(key: string): string {
  if (key.startsWith("mod+")) return `Ctrl ${key.slice(4).toUpperCase()}`;
  return names[key] ?? key;
}
