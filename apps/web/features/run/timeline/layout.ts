/** Widths and heights that axis, rows and guides share, px. */
export interface TimelineLayout {
  /** Names stand above their bars, not beside them: a narrow window has no room for both. */
  readonly isStacked: boolean;
  readonly labelWidth: number;
  readonly durationWidth: number;
  /** Left and right of everything. */
  readonly margin: number;
  readonly trackLeft: number;
  readonly trackWidth: number;
  readonly rowHeight: number;
  /** Where in a row its bar's strip begins. */
  readonly barTop: number;
}

const edgeWidth = 12;
const durationWidth = 116;
const widestLabel = 264;
const narrowestLabel = 176;
const stackedBelow = 600;
const leastTrack = 80;

/** @param width of the timeline, 0 while it is not known */
export function layoutOf(width: number): TimelineLayout {
  if (width > 0 && width < stackedBelow) {
    return {
      isStacked: true,
      labelWidth: width - durationWidth - 2 * edgeWidth,
      durationWidth,
      margin: edgeWidth,
      trackLeft: edgeWidth,
      trackWidth: Math.max(leastTrack, width - 2 * edgeWidth),
      rowHeight: 46,
      barTop: 18,
    };
  }
  const labelWidth = Math.round(Math.min(widestLabel, Math.max(narrowestLabel, width * 0.28)));
  return {
    isStacked: false,
    labelWidth,
    durationWidth,
    margin: 2 * edgeWidth,
    trackLeft: labelWidth + edgeWidth,
    trackWidth: Math.max(leastTrack, width - labelWidth - durationWidth - 2 * edgeWidth),
    rowHeight: 28,
    barTop: 0,
  };
}
