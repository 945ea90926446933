import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

let isPrinting = false;

function subscribe(listener: () => void): () => void {
  const begin = (): void => {
    isPrinting = true;
    // The browser prints as soon as this returns, and lets nothing else run before.
    flushSync(listener);
  };
  const end = (): void => {
    isPrinting = false;
    listener();
  };
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return () => {
    window.removeEventListener("beforeprint", begin);
    window.removeEventListener("afterprint", end);
  };
}

/** Whether the page is on its way to paper, where nothing scrolls: what is drawn only as far as it is looked at is drawn whole then. */
export function usePrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isPrinting,
    () => false,
  );
}
