/**
 * Where the focus goes when what had it is gone: never to the page as a whole, from where a key leads nowhere. In one place for all: dialogs that close, buttons that have done
 * their work, pages that are left and come back to.
 */

/** The latest last. Elements in dialogs and menus are none: these are gone when it matters. */
let focused: { readonly element: HTMLElement; readonly around: readonly Element[] }[] = [];
const mostRemembered = 20;
const mostFollowed = 50;
/** Rows that go when one scrolls away from them: from the next drawn one to the next the focus would hop all along. */
const ofScrolled = "[data-row], [data-event]";
/** Per address, the link that was followed from there. */
const followed = new Map<string, string>();
/** The link to look for, after going back. */
let wanted: string | undefined;

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';
const inOverlay = '[role="dialog"]';

const main = (): HTMLElement | null => document.querySelector<HTMLElement>("#content");
const address = (): string => window.location.pathname + window.location.search;

function isThere(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(":disabled");
}

/** To what had it last and is still there; else to what is nearest to where that was; else to the page's content. */
export function returnFocus(): void {
  const last = focused.findLast(({ element }) => isThere(element));
  const latest = focused.at(-1);
  if (last === undefined || (latest !== undefined && latest !== last)) {
    const isScrolledAway = latest?.element.matches(ofScrolled) === true;
    const scroller = latest?.around.find((each) => each.isConnected && each.getAttribute("tabindex") === "0");
    if (isScrolledAway && scroller instanceof HTMLElement) return scroller.focus({ preventScroll: true });
    const around = latest?.around.find((each) => each.isConnected);
    const near = around instanceof HTMLElement && around !== main() ? firstIn(around) : undefined;
    if (near !== undefined) return near.focus({ preventScroll: true });
  }
  (last?.element ?? main())?.focus({ preventScroll: true });
}

function firstIn(around: HTMLElement): HTMLElement | undefined {
  return [...around.querySelectorAll<HTMLElement>(focusable)].find(isThere);
}

function remember({ target }: Event): void {
  if (!(target instanceof HTMLElement) || target.closest(inOverlay) !== null) return;
  const around: Element[] = [];
  for (let each = target.parentElement; each !== null && each !== document.body; each = each.parentElement)
    around.push(each);
  focused = [
    ...focused.filter(({ element }) => element !== target && element.isConnected),
    { element: target, around },
  ];
  focused.splice(0, focused.length - mostRemembered);
  if (target !== main()) wanted = undefined;
}

function follow({ target }: Event): void {
  const link = target instanceof Element ? target.closest("a") : null;
  const href = link?.getAttribute("href");
  if (href == null || link?.closest("#content") == null) return;
  followed.delete(address());
  followed.set(address(), href);
  for (const oldest of followed.keys()) {
    if (followed.size <= mostFollowed) break;
    followed.delete(oldest);
  }
}

function goneBack(): void {
  wanted = followed.get(address());
}

/** Something on the page has changed. */
function lookAfter(): void {
  const { activeElement } = document;
  const isLost = activeElement === document.body || activeElement === null;
  if ((!isLost && activeElement !== main()) || document.querySelector(inOverlay) !== null) return;
  if (wanted !== undefined) {
    const link = main()?.querySelector<HTMLElement>(`a[href="${CSS.escape(wanted)}"]`);
    if (link != null) return link.focus({ preventScroll: true });
  }
  // Who never used the keyboard's place on this page has none to lose.
  const latest = focused.at(-1);
  if (isLost && latest !== undefined && !latest.element.isConnected) returnFocus();
}

/** @returns what ends it */
export function keepFocus(): () => void {
  const observer = new MutationObserver(lookAfter);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", remember);
  document.addEventListener("click", follow, { capture: true });
  window.addEventListener("popstate", goneBack);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", remember);
    document.removeEventListener("click", follow, { capture: true });
    window.removeEventListener("popstate", goneBack);
  };
}
