/** After what a page shows first, and what its first answers make it show. */
const restAfterMs = 300;

/**
 * Calls once the page has been loaded and has nothing to do.
 * @returns what calls it off
 */
export function whenAtRest(call: () => void): () => void {
  let idle: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => {
    timer = setTimeout(() => {
      // Safari has no such thing.
      if (typeof requestIdleCallback === "function") idle = requestIdleCallback(call);
      else call();
    }, restAfterMs);
  };
  if (document.readyState === "complete") rest();
  else window.addEventListener("load", rest, { once: true });
  return () => {
    window.removeEventListener("load", rest);
    clearTimeout(timer);
    if (idle !== undefined) cancelIdleCallback(idle);
  };
}
