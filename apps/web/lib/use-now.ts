"use client";

import { useSyncExternalStore } from "react";
import { serverNow } from "./clock.ts";

interface Ticker {
  now: number;
  readonly subscribe: (listener: () => void) => () => void;
}

const tickers = new Map<number, Ticker>();

/** The time, renewed every `everyMs`; all who ask for the same pace share one clock and tick together. */
export function useNow(everyMs = 1_000): number {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(
    ticker.subscribe,
    () => ticker.now,
    () => 0,
  );
}

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const ticker: Ticker = {
    now: serverNow(),
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        ticker.now = serverNow();
        timer = setInterval(() => {
          // Nobody looks.
          if (document.hidden) return;
          ticker.now = serverNow();
          for (const each of listeners) each();
        }, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
  tickers.set(everyMs, ticker);
  return ticker;
}
