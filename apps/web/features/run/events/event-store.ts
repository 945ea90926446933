import type { EventPage, EventView } from "@downbeat/api/views";

export const pageSize = 200;
/** Pages asked for at once while everything is loaded. */
const parallel = 3;

export interface EventStore {
  readonly total: () => number;
  readonly get: (seq: number) => EventView | undefined;
  /** All that is loaded, in order. */
  readonly loaded: () => readonly EventView[];
  readonly version: () => number;
  readonly onChange: (listener: () => void) => () => void;
  readonly error: () => unknown;
  /** Sees to it that these are loaded; what lies between is not. */
  readonly need: (fromSeq: number, toSeq: number) => void;
  readonly needAll: () => void;
  readonly add: (events: readonly EventView[]) => void;
  readonly retry: () => void;
}

type Load = (afterSeq: number, limit: number) => Promise<EventPage>;

/**
 * Events of one run by number. A history of 10,000 is never loaded to be looked at: numbers have no gaps, so the list can be scrolled
 * anywhere and only the pages on the screen are asked for. A search asks for all, page by page.
 */
export function createEventStore(load: Load, total: number): EventStore {
  const events: (EventView | undefined)[] = [];
  const pages = new Map<number, "asked" | "full">();
  const listeners = new Set<() => void>();
  let count = total;
  let version = 0;
  let problem: unknown;
  let wantsAll = false;
  let sorted: { readonly version: number; readonly events: readonly EventView[] } = {
    version: -1,
    events: [],
  };

  function changed(): void {
    version++;
    for (const listener of listeners) listener();
  }

  function put(added: readonly EventView[]): void {
    for (const event of added) {
      events[event.seq] = event;
      count = Math.max(count, event.seq);
    }
  }

  async function ask(page: number): Promise<void> {
    pages.set(page, "asked");
    try {
      const answer = await load(page * pageSize, pageSize);
      put(answer.events);
      count = Math.max(count, answer.total);
      // Asked again at once it would only bring the same answer.
      problem = answer.missing === undefined ? undefined : new Error(answer.missing.why);
      if (problem !== undefined) wantsAll = false;
      if (answer.events.length >= pageSize) pages.set(page, "full");
      else pages.delete(page);
    } catch (error) {
      problem = error;
      pages.delete(page);
      wantsAll = false;
    }
    changed();
    if (wantsAll) askMissing();
  }

  const isMissing = (page: number): boolean => {
    if (pages.has(page)) return false;
    const last = Math.min(count, (page + 1) * pageSize);
    for (let seq = page * pageSize + 1; seq <= last; seq++) if (events[seq] === undefined) return true;
    return false;
  };

  function askMissing(): void {
    const underWay = [...pages.values()].filter((state) => state === "asked").length;
    let free = parallel - underWay;
    for (let page = 0; page * pageSize < count && free > 0; page++) {
      if (!isMissing(page)) continue;
      free--;
      ask(page);
    }
    if (underWay === 0 && free === parallel) wantsAll = false;
  }

  return {
    total: () => count,
    get: (seq) => events[seq],
    loaded() {
      if (sorted.version !== version)
        sorted = { version, events: events.filter((event) => event !== undefined) };
      return sorted.events;
    },
    version: () => version,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    error: () => problem,
    need(fromSeq, toSeq) {
      if (problem !== undefined) return;
      const last = Math.floor((Math.min(count, toSeq) - 1) / pageSize);
      for (let page = Math.floor((Math.max(1, fromSeq) - 1) / pageSize); page <= last; page++)
        if (isMissing(page)) ask(page);
    },
    needAll() {
      if (wantsAll || problem !== undefined) return;
      wantsAll = true;
      askMissing();
    },
    add(added) {
      if (added.length === 0) return;
      put(added);
      changed();
    },
    retry() {
      problem = undefined;
      changed();
    },
  };
}
