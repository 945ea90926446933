/** Shared by head, rows and skeleton, so that nothing shifts when the rows come. */
export const columns =
  "grid grid-cols-[104px_196px_minmax(64px,104px)_minmax(0,1.15fr)_minmax(0,1fr)_72px_84px] items-center gap-x-4 px-6";

export const rowHeight = 32;
