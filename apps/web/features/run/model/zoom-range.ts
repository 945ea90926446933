import type { Viewport } from "../timeline/scale.ts";

/** `1200-8000`: ms since the run's start, so that a link means the same to whoever gets it, in every zone. */
export function readZoom(text: string | undefined, startedAt: number): Viewport | undefined {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? "") ?? [];
  if (from === undefined || to === undefined || Number(to) <= Number(from)) return undefined;
  return { from: startedAt + Number(from), to: startedAt + Number(to) };
}

export function writeZoom(view: Viewport | undefined, startedAt: number): string | undefined {
  if (view === undefined) return undefined;
  const from = Math.max(0, Math.floor(view.from - startedAt));
  return `${from}-${Math.max(from + 1, Math.ceil(view.to - startedAt))}`;
}
