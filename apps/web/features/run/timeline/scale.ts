/** A stretch of time in which nothing happens, drawn as a narrow fold. */
export interface Fold {
  readonly from: number;
  readonly to: number;
}

export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly folds: readonly (Fold & { readonly x: number; readonly width: number })[];
  /** Pixels from the left; beyond the ends for times beyond them. */
  readonly x: (at: number) => number;
  readonly time: (x: number) => number;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
  readonly isFold: boolean;
}

export const foldWidth = 26;

/**
 * One axis with real proportions: equal lengths are equal times everywhere outside of folds. Between two folds time runs at the
 * same pace as elsewhere, so bars may be compared across them.
 */
export function timeScale(from: number, to: number, width: number, folds: readonly Fold[] = []): TimeScale {
  const span = Math.max(1, to - from);
  const inside = folds
    .map((fold) => ({ from: Math.max(from, fold.from), to: Math.min(from + span, fold.to) }))
    .filter((fold) => fold.to > fold.from);
  const folded = inside.reduce((sum, fold) => sum + fold.to - fold.from, 0);
  const shownWidth = Math.max(1, width - inside.length * foldWidth);
  const perMs = shownWidth / Math.max(1, span - folded);

  const pieces: Piece[] = [];
  let at = from;
  let x = 0;
  const add = (until: number, isFold: boolean) => {
    const pieceWidth = isFold ? foldWidth : (until - at) * perMs;
    if (until > at) pieces.push({ from: at, to: until, x, width: pieceWidth, isFold });
    x += until > at ? pieceWidth : 0;
    at = Math.max(at, until);
  };
  for (const fold of inside) {
    add(fold.from, false);
    add(fold.to, true);
  }
  add(from + span, false);

  return {
    from,
    to: from + span,
    width,
    folds: pieces.filter(({ isFold }) => isFold),
    x: (time) => {
      const piece = pieces.find((each) => time < each.to) ?? pieces.at(-1);
      if (piece === undefined) return 0;
      return piece.x + ((time - piece.from) / (piece.to - piece.from)) * piece.width;
    },
    time: (pixels) => {
      const piece = pieces.find((each) => pixels < each.x + each.width) ?? pieces.at(-1);
      if (piece === undefined) return from;
      return piece.from + ((pixels - piece.x) / piece.width) * (piece.to - piece.from);
    },
  };
}

export interface Viewport {
  readonly from: number;
  readonly to: number;
}

const shortestMs = 5;

/** Zooms around a time that keeps its place on the screen. `factor` < 1 shows less time. Never leaves the whole. */
export function zoom(view: Viewport, whole: Viewport, around: number, factor: number): Viewport {
  const span = Math.min(whole.to - whole.from, Math.max(shortestMs, (view.to - view.from) * factor));
  const share = (around - view.from) / Math.max(1, view.to - view.from);
  return within(around - share * span, span, whole);
}

export function pan(view: Viewport, whole: Viewport, byMs: number): Viewport {
  return within(view.from + byMs, view.to - view.from, whole);
}

function within(from: number, span: number, whole: Viewport): Viewport {
  const start = Math.max(whole.from, Math.min(whole.to - span, from));
  return { from: start, to: start + span };
}
