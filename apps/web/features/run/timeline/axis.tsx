import { formatDuration } from "@/lib/duration.ts";
import type { TimelineLayout } from "./layout.ts";
import type { TimeScale } from "./scale.ts";
import type { Tick } from "./ticks.ts";

interface AxisProps {
  readonly ticks: readonly Tick[];
  readonly scale: TimeScale;
  readonly layout: TimelineLayout;
  readonly nowX: number | undefined;
}

const characterWidth = 6.2;
const nowWidth = 34;

export function Axis({ ticks, scale, layout, nowX }: AxisProps) {
  const showsNow = nowX !== undefined && nowX >= 0 && nowX <= scale.width;
  return (
    <div aria-hidden className="relative h-6 border-line border-b text-ink-3 text-small">
      <div className="absolute inset-y-0" style={{ left: layout.trackLeft, width: scale.width }}>
        {ticks.map(({ x, label }) => {
          // The label at now would be covered by it.
          const nearEnd = x > scale.width - 56;
          const width = label.length * characterWidth + 8;
          const middle = nearEnd ? x - width / 2 : x + width / 2;
          const hidden = showsNow && Math.abs(middle - nowX) < (width + nowWidth) / 2;
          return (
            <span
              key={x}
              className="absolute top-1 whitespace-nowrap"
              style={{
                left: x,
                transform: nearEnd ? "translateX(-100%)" : undefined,
                opacity: hidden ? 0 : 1,
              }}
            >
              <span className="px-1">{label}</span>
            </span>
          );
        })}
        {scale.folds.map((fold) => (
          <span
            key={fold.x}
            title={`${formatDuration(fold.to - fold.from)} in which nothing happened`}
            className="absolute top-1 bg-surface text-center text-ink-2"
            style={{ left: fold.x, width: fold.width }}
          >
            ⋯
          </span>
        ))}
        {showsNow ? (
          <span
            className="-translate-x-1/2 absolute top-0.5 rounded bg-accent-strong px-1 text-white leading-[18px]"
            style={{ left: nowX }}
          >
            now
          </span>
        ) : null}
      </div>
      {layout.isStacked ? null : (
        <span
          className="absolute top-1 text-right"
          style={{ right: layout.margin, width: layout.durationWidth }}
        >
          Duration
        </span>
      )}
    </div>
  );
}
