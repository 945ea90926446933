interface GuidesProps {
  readonly ticks: readonly { readonly x: number }[];
  readonly nowX: number | undefined;
  /** The moment that is looked at. */
  readonly momentX: number | undefined;
  readonly left: number;
  /** What is drawn over with the pointer. */
  readonly stretch: { readonly left: number; readonly width: number } | undefined;
  readonly scale: {
    readonly width: number;
    readonly folds: readonly { readonly x: number; readonly width: number }[];
  };
}

/** Thin lines under the ticks, the folds, and now. */
export function Guides({ ticks, nowX, momentX, scale, left, stretch }: GuidesProps) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0 overflow-hidden"
      style={{ left, width: scale.width }}
    >
      {ticks.map(({ x }) => (
        <span key={x} className="absolute inset-y-0 w-px bg-line" style={{ left: x }} />
      ))}
      {scale.folds.map(({ x, width }) => (
        <span
          key={x}
          className="absolute inset-y-0 border-line-strong border-x border-dashed bg-sunken"
          style={{ left: x, width }}
        />
      ))}
      {nowX === undefined ? null : (
        <span
          className="absolute inset-y-0 z-10 w-px bg-accent"
          style={{ transform: `translateX(${nowX}px)` }}
        />
      )}
      {momentX === undefined ? null : (
        <span
          data-moment=""
          className="absolute inset-y-0 z-10 border-ink border-l border-dashed"
          style={{ left: momentX }}
        />
      )}
      {stretch === undefined ? null : (
        <span
          className="absolute inset-y-0 z-10 border-accent border-x bg-accent-soft opacity-70"
          style={stretch}
        />
      )}
    </div>
  );
}
