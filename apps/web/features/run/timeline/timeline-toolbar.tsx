import { FoldHorizontal, Maximize2, Route, Rows3, Table2, Workflow, ZoomIn, ZoomOut } from "lucide-react";
import type { ReactNode } from "react";
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
  readonly showsPath: boolean;
  readonly onPath: () => void;
  readonly view: "table" | "graph" | undefined;
  readonly onTable: () => void;
  readonly onGraph: () => void;
}

export function TimelineToolbar(props: ToolbarProps) {
  const { rowCount, onFitRows, canFold, folds, onFold, isZoomed, onZoom, onFit } = props;
  const { showsPath, onPath, view, onTable, onGraph } = props;
  const isTable = view === "table";
  const isGraph = view === "graph";
  const hasAxis = view === undefined;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-1 px-6 max-[700px]:px-3">
      <h2 className="font-strong">Timeline</h2>
      <span className="ml-2 flex-1 text-ink-3 text-small">
        {rowCount > 12 ? plural(rowCount, "row") : ""}
      </span>
      <Toggle isOn={showsPath} onClick={onPath} title="Show what the run’s time went by with (c)">
        <Route aria-hidden size={13} /> Critical path
      </Toggle>
      <Toggle isOn={isTable} onClick={onTable} title="The same rows in words and figures (b)">
        <Table2 aria-hidden size={13} /> Table
      </Toggle>
      <Toggle isOn={isGraph} onClick={onGraph} title="What was asked for because of what (m)">
        <Workflow aria-hidden size={13} /> Graph
      </Toggle>
      {!hasAxis || onFitRows === undefined ? null : (
        <Button
          look="quiet"
          size="small"
          onClick={onFitRows}
          title="Zoom to the time of the rows on the screen (v)"
        >
          <Rows3 aria-hidden size={13} /> Fit these rows
        </Button>
      )}
      {hasAxis && (canFold || folds) ? (
        <Button look="quiet" size="small" aria-pressed={folds} onClick={onFold}>
          <FoldHorizontal aria-hidden size={13} />
          {folds ? "Show idle times" : "Fold idle times"}
        </Button>
      ) : null}
      {hasAxis ? (
        <>
          <IconButton label="Zoom in (+, Ctrl and wheel, or drag)" onClick={() => onZoom(0.5)}>
            <ZoomIn aria-hidden size={14} />
          </IconButton>
          <IconButton label="Zoom out (-)" disabled={!isZoomed} onClick={() => onZoom(2)}>
            <ZoomOut aria-hidden size={14} />
          </IconButton>
          <IconButton label="Fit the whole run (0)" disabled={!isZoomed} onClick={onFit}>
            <Maximize2 aria-hidden size={13} />
          </IconButton>
        </>
      ) : null}
    </div>
  );
}

interface ToggleProps {
  readonly isOn: boolean;
  readonly onClick: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

function Toggle({ isOn, onClick, title, children }: ToggleProps) {
  return (
    <Button
      look="quiet"
      size="small"
      aria-pressed={isOn}
      className={isOn ? "bg-accent-soft text-ink" : ""}
      onClick={onClick}
      title={title}
    >
      {children}
    </Button>
  );
}
