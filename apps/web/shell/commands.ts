/** Something a person can do from the keyboard or the command palette, wherever it is registered. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: CommandGroup;
  /** `?`, `j`, `g r` (one after the other), `mod+k`; none for what only the palette offers. */
  readonly keys?: string;
  readonly run: () => void;
  /** Why it can't be done: the palette shows it with the reason, and keys do nothing. */
  readonly refusal?: string | undefined;
  /** Kept out of the palette: makes sense only as a key. */
  readonly keyOnly?: boolean;
}

/** In the order of the palette. */
export const commandGroups = [
  "This page",
  "Saved views",
  "Go to",
  "Namespaces",
  "Settings",
  "Everywhere",
] as const;
export type CommandGroup = (typeof commandGroups)[number];

export interface CommandRegistry {
  readonly register: (commands: readonly Command[]) => () => void;
  readonly list: () => readonly Command[];
  readonly onChange: (listener: () => void) => () => void;
}

export function createCommandRegistry(): CommandRegistry {
  const sets = new Set<readonly Command[]>();
  const listeners = new Set<() => void>();
  let all: readonly Command[] = [];

  function changed(): void {
    all = [...sets].flat();
    for (const listener of listeners) listener();
  }

  return {
    register(commands) {
      sets.add(commands);
      changed();
      return () => {
        sets.delete(commands);
        changed();
      };
    },
    list: () => all,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** When it was pressed, ms; a busy page may hear of it much later. */
  readonly timeStamp: number;
}

const sequenceMs = 2_000;

/** Turns key presses into commands; remembers the first key of a sequence such as `g r` for two seconds. */
export function createKeyMatcher(list: () => readonly Command[]) {
  let pending: { readonly key: string; readonly at: number } | undefined;

  return function match(press: KeyPress): Command | undefined {
    if (press.altKey) return undefined;
    const at = press.timeStamp;
    const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
    const name = press.ctrlKey || press.metaKey ? `mod+${key}` : key;
    const sequence =
      pending !== undefined && at - pending.at < sequenceMs ? `${pending.key} ${name}` : undefined;
    pending = undefined;
    // The newest registration wins: a page may take over a key for as long as it is shown.
    const find = (keys: string) => list().findLast((command) => command.keys === keys);
    const found = (sequence === undefined ? undefined : find(sequence)) ?? find(name);
    if (found === undefined && list().some((command) => command.keys?.startsWith(`${name} `))) {
      pending = { key: name, at };
    }
    return found;
  };
}
