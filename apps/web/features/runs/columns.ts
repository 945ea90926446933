/**
 * Shared by head, rows and skeleton, so that nothing shifts when the rows come. Where the window is narrow, what matters least
 * goes first: labels and workflow, then the duration, then the start; the run and why it waits stay, on a line of its own.
 */
export const columns =
  "grid grid-cols-[104px_196px_minmax(64px,104px)_minmax(0,1.15fr)_minmax(0,1fr)_100px_84px] items-center gap-x-4 px-6 " +
  "max-[1200px]:grid-cols-[104px_196px_minmax(0,1fr)_100px_84px] " +
  "max-[1000px]:grid-cols-[104px_minmax(0,196px)_minmax(0,1fr)_100px] " +
  "max-[600px]:grid-cols-[92px_minmax(0,1fr)] max-[600px]:gap-x-2 max-[600px]:gap-y-0 max-[600px]:content-center max-[600px]:px-3";

/** What is left out of a window that is not wide, of a narrow and of a very narrow one. */
export const wideOnly = "max-[1200px]:hidden";
export const notNarrow = "max-[1000px]:hidden";
export const mediumOnly = "max-[600px]:hidden";

export const ownLine = "max-[600px]:col-span-2";

export const narrow = "(max-width: 1200px)";
export const veryNarrow = "(max-width: 600px)";

export const rowHeightIn = (isVeryNarrow: boolean): number => (isVeryNarrow ? 52 : 32);
