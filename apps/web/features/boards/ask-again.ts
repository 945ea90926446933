/** Each time is a line of the audit: not with every change, as other panels. */
const againMs = 15 * 60_000;
/** Somebody's other page has a statement running: it is asked again ever more seldom. */
const firstBusyMs = 5_000;
const longestBusyMs = 5 * 60_000;

interface AskAgainOptions {
  /** @returns whether another statement of the same person was running, so that there is no answer */
  readonly ask: () => Promise<{ readonly isBusy: boolean }>;
  /** Nobody looks. */
  readonly isHidden: () => boolean;
}

interface AskingAgain {
  /** At once, unless it is being asked. */
  readonly now: () => void;
  /** Somebody looks again: what would have been asked meanwhile is asked now. */
  readonly shown: () => void;
  readonly stop: () => void;
}

/** Asks at once, and again every 15 minutes while it is looked at. One at a time. */
export function askAgain({ ask, isHidden }: AskAgainOptions): AskingAgain {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isOwed = false;
  let isStopped = false;
  let busyMs = firstBusyMs;

  async function now(): Promise<void> {
    if (isAsking || isStopped) return;
    isAsking = true;
    isOwed = false;
    clearTimeout(timer);
    const { isBusy } = await ask().catch(() => ({ isBusy: false }));
    isAsking = false;
    if (isStopped) return;
    timer = setTimeout(due, isBusy ? busyMs : againMs);
    busyMs = isBusy ? Math.min(busyMs * 2, longestBusyMs) : firstBusyMs;
  }

  function due(): void {
    if (isHidden()) isOwed = true;
    else void now();
  }

  due();
  return {
    now: () => void now(),
    shown: () => {
      if (isOwed && !isHidden()) void now();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
