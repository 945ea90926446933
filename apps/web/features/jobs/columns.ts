/** Shared by head, rows and skeleton. Where the window is narrow, what it was and where it stands stay, on two lines. */
export const columns =
  "grid grid-cols-[148px_minmax(110px,220px)_minmax(0,1fr)_minmax(120px,220px)_minmax(64px,140px)] items-center gap-x-4 px-6 " +
  "max-[1200px]:grid-cols-[148px_minmax(110px,160px)_minmax(0,1fr)_minmax(100px,180px)] " +
  "max-[700px]:grid-cols-[minmax(0,1fr)_auto] max-[700px]:gap-x-2 max-[700px]:gap-y-0 max-[700px]:content-center max-[700px]:px-3";

export const wideOnly = "max-[1200px]:hidden";
export const notNarrow = "max-[700px]:hidden";
export const narrow = "(max-width: 700px)";

export const rowHeightIn = (isNarrow: boolean): number => (isNarrow ? 56 : 34);
