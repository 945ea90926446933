import type { ExportUpdate } from "@downbeat/api/views";

export type ExportFormat = "csv" | "json" | "ndjson";

/** A list that is being written to a file, or was. */
export interface ListExport {
  readonly id: string;
  /** "Runs", "Timers and waits". */
  readonly title: string;
  readonly state: "running" | "saved" | "cancelled" | "failed";
  /** Written so far. */
  readonly rows: number;
  /** Of so many, as far as is known. */
  readonly of?: number;
  readonly isLowerBound?: boolean;
  /** Looked at down to this time, ms since the epoch: where matches are rare. */
  readonly searchedTo?: number;
  readonly fileName?: string;
  /** Why it failed, or why the file is not whole. */
  readonly problem?: string;
}

interface ExportOrder {
  readonly title: string;
  readonly ask: (signal: AbortSignal) => Promise<AsyncIterable<ExportUpdate>>;
}

export interface ExportStore {
  readonly all: () => readonly ListExport[];
  readonly onChange: (listener: () => void) => () => void;
  readonly begin: (order: ExportOrder) => Promise<void>;
  readonly cancel: (id: string) => void;
  readonly dismiss: (id: string) => void;
}

interface Dependencies {
  readonly save: (name: string, content: Blob) => void;
  readonly messageOf: (error: unknown) => string;
  readonly newId: () => string;
}

/** Exports of this tab: they go on while other pages are looked at. */
export function createExportStore({ save, messageOf, newId }: Dependencies): ExportStore {
  let exports: readonly ListExport[] = [];
  const listeners = new Set<() => void>();
  const running = new Map<string, AbortController>();

  function become(next: readonly ListExport[]): void {
    exports = next;
    for (const listener of listeners) listener();
  }

  function change(id: string, fields: Partial<ListExport>): void {
    become(exports.map((one) => (one.id === id ? { ...one, ...fields } : one)));
  }

  async function gather(id: string, { ask }: ExportOrder, signal: AbortSignal): Promise<void> {
    // Each part is handed to the browser at once, which need not keep it in this page's memory.
    const parts: Blob[] = [];
    let [name, mediaType] = ["export", "text/plain"];
    for await (const update of await ask(signal)) {
      if (signal.aborted) return;
      if (update.text !== "") parts.push(new Blob([update.text]));
      switch (update.type) {
        case "begin":
          ({ fileName: name, mediaType } = update);
          change(id, {
            fileName: name,
            ...(update.count !== undefined && { of: update.count }),
            ...(update.countIsLowerBound !== undefined && { isLowerBound: update.countIsLowerBound }),
          });
          break;
        case "rows":
          change(id, {
            rows: update.rows,
            ...(update.searchedTo !== undefined && { searchedTo: update.searchedTo }),
          });
          break;
        case "end":
          save(name, new Blob(parts, { type: mediaType }));
          return change(id, {
            state: "saved",
            rows: update.rows,
            ...(update.cut !== undefined && { problem: update.cut }),
          });
      }
    }
    // What breaks off without its end is not whole: no file is better than one that looks so.
    throw new Error("The connection broke off before the end.");
  }

  return {
    all: () => exports,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async begin(order) {
      const id = newId();
      const abort = new AbortController();
      running.set(id, abort);
      become([...exports, { id, title: order.title, state: "running", rows: 0 }]);
      try {
        await gather(id, order, abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) change(id, { state: "failed", problem: messageOf(error) });
      } finally {
        running.delete(id);
      }
    },
    cancel(id) {
      running.get(id)?.abort();
      change(id, { state: "cancelled" });
    },
    dismiss(id) {
      become(exports.filter((one) => one.id !== id));
    },
  };
}
