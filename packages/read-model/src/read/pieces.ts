import { spans } from "../write/figures.ts";

export interface Piece {
  readonly span: number;
  readonly from: number;
  readonly to: number;
}

/** The range in as few roll-ups as possible: days in the middle, hours and minutes at its ends. */
export function pieces(from: number, to: number): Piece[] {
  const all: Piece[] = [];
  const cut = (start: number, end: number, level: number): void => {
    const span = spans[level];
    if (span === undefined || start >= end) return;
    const first = Math.ceil(start / span) * span;
    const last = Math.floor(end / span) * span;
    const finer = spans[level - 1];
    if (finer === undefined) {
      all.push({ span, from: start - (start % span), to: end });
    } else if (first >= last) {
      cut(start, end, level - 1);
    } else {
      cut(start, first, level - 1);
      all.push({ span, from: first, to: last });
      cut(last, end, level - 1);
    }
  };
  cut(from, to, spans.length - 1);
  return all;
}

/** Pieces of one span that follow one another are read at once. */
export function joined(all: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of all) {
    const last = found.at(-1);
    if (last?.span === piece.span && last.to === piece.from) found.splice(-1, 1, { ...last, to: piece.to });
    else found.push(piece);
  }
  return found;
}
