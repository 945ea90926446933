/** Shared by head, rows and skeleton. Where the window is narrow, a row has two lines. */
export const columns =
  "grid grid-cols-[92px_minmax(110px,0.8fr)_minmax(140px,0.8fr)_minmax(0,1.2fr)_104px_minmax(0,1.6fr)_minmax(0,120px)] items-center gap-x-4 px-6 " +
  "max-[1200px]:grid-cols-[92px_minmax(110px,0.8fr)_minmax(130px,0.9fr)_minmax(0,1fr)_104px] " +
  "max-[700px]:grid-cols-[minmax(0,1fr)_auto] max-[700px]:gap-x-2 max-[700px]:gap-y-0 max-[700px]:content-center max-[700px]:px-3";

export const wideOnly = "max-[1200px]:hidden";
export const notNarrow = "max-[700px]:hidden";
export const narrow = "(max-width: 700px)";

export const rowHeightIn = (isNarrow: boolean): number => (isNarrow ? 56 : 34);
