"use client";

import { useSyncExternalStore } from "react";

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
    now: Date.now(),
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        ticker.now = Date.now();
        timer = setInterval(() => {
          ticker.now = Date.now();
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
