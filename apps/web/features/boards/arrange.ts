import type { BoardPanel } from "@downbeat/api/views";

export const boardColumns = 4;
export const boardRows = 4;
export const mostPanels = 24;

/** @returns the same panels, with this one so many places further on, or as far as there are any */
export function movedBy(panels: readonly BoardPanel[], id: string, places: number): readonly BoardPanel[] {
  const from = panels.findIndex((panel) => panel.id === id);
  const moved = panels[from];
  if (moved === undefined) return panels;
  const to = Math.max(0, Math.min(panels.length - 1, from + places));
  return panels.toSpliced(from, 1).toSpliced(to, 0, moved);
}

/** To where another one stands. */
export function movedTo(panels: readonly BoardPanel[], id: string, otherId: string): readonly BoardPanel[] {
  const [from, to] = [id, otherId].map((each) => panels.findIndex((panel) => panel.id === each));
  if (from === undefined || to === undefined || from < 0 || to < 0) return panels;
  return movedBy(panels, id, to - from);
}

/** As wide and high as it may be. */
export function resizedBy(
  panels: readonly BoardPanel[],
  id: string,
  { width = 0, height = 0 }: { readonly width?: number; readonly height?: number },
): readonly BoardPanel[] {
  const within = (value: number, most: number) => Math.max(1, Math.min(most, value));
  return panels.map((panel) =>
    panel.id === id
      ? {
          ...panel,
          width: within(panel.width + width, boardColumns),
          height: within(panel.height + height, boardRows),
        }
      : panel,
  );
}

/** In the place of the one with its id; at the end where there is none. */
export function withPanel(panels: readonly BoardPanel[], changed: BoardPanel): readonly BoardPanel[] {
  return panels.some(({ id }) => id === changed.id)
    ? panels.map((panel) => (panel.id === changed.id ? changed : panel))
    : [...panels, changed];
}

/** One that no panel of the board has. */
export function newPanelId(panels: readonly BoardPanel[]): string {
  let number = panels.length + 1;
  while (panels.some(({ id }) => id === `p${number}`)) number++;
  return `p${number}`;
}
