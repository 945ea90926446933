/** Shared by head, rows and skeleton, so that nothing shifts when the rows come. */
export const columns =
  "grid grid-cols-[112px_208px_minmax(72px,124px)_minmax(0,1.5fr)_minmax(0,1fr)_84px_88px] items-center gap-x-4 px-6";

export const rowHeight = 32;
