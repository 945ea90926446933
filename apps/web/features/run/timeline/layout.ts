/** Widths that axis, rows and guides share, px. */
export const labelWidth = 264;
export const durationWidth = 84;
export const edgeWidth = 12;
export const rowHeight = 28;
