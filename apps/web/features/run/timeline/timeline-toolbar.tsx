import { FoldHorizontal, Maximize2, Rows3, ZoomIn, ZoomOut } from "lucide-react";
import { Button, IconButton } from "@/components/button.tsx";
import { plural } from "@/lib/number.ts";

interface ToolbarProps {
  readonly rowCount: number;
  /** Missing when all rows are on the screen. */
  readonly onFitRows: (() => void) | undefined;
  readonly canFold: boolean;
  readonly folds: boolean;
  readonly onFold: () => void;
  readonly isZoomed: boolean;
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
}

export function TimelineToolbar({
  rowCount,
  onFitRows,
  canFold,
  folds,
  onFold,
  isZoomed,
  onZoom,
  onFit,
}: ToolbarProps) {
  return (
    <div className="flex h-9 items-center gap-1 px-6 max-[700px]:px-3">
      <h2 className="font-strong">Timeline</h2>
      <span className="ml-2 flex-1 text-ink-3 text-small">
        {rowCount > 12 ? plural(rowCount, "row") : ""}
      </span>
      {onFitRows === undefined ? null : (
        <Button
          look="quiet"
          size="small"
          onClick={onFitRows}
          title="Zoom to the time of the rows on the screen (v)"
        >
          <Rows3 aria-hidden size={13} /> Fit these rows
        </Button>
      )}
      {canFold || folds ? (
        <Button look="quiet" size="small" aria-pressed={folds} onClick={onFold}>
          <FoldHorizontal aria-hidden size={13} />
          {folds ? "Show idle times" : "Fold idle times"}
        </Button>
      ) : null}
      <IconButton label="Zoom in (+, or Ctrl and wheel)" onClick={() => onZoom(0.5)}>
        <ZoomIn aria-hidden size={14} />
      </IconButton>
      <IconButton label="Zoom out (-)" disabled={!isZoomed} onClick={() => onZoom(2)}>
        <ZoomOut aria-hidden size={14} />
      </IconButton>
      <IconButton label="Fit the whole run (0)" disabled={!isZoomed} onClick={onFit}>
        <Maximize2 aria-hidden size={13} />
      </IconButton>
    </div>
  );
}
