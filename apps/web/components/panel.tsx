"use client";

import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";

interface PanelProps {
  /** What it shows, e.g. "The timeline". */
  readonly what: string;
  /** What it is made from: when that changes, it is tried again. */
  readonly of: unknown;
  /** Shown in its place, where there is no room for more. */
  readonly instead?: ReactNode;
  readonly children: ReactNode;
}

interface PanelState {
  readonly fault: string | undefined;
}

/** A part of a page that fails by itself: what is beside it stays, whatever stands in the data that this part can't show. */
export class Panel extends Component<PanelProps, PanelState> {
  override state: PanelState = { fault: undefined };

  static getDerivedStateFromError(error: unknown): PanelState {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override componentDidUpdate(before: PanelProps): void {
    if (this.state.fault !== undefined && before.of !== this.props.of) this.setState({ fault: undefined });
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    if (this.props.instead !== undefined) return this.props.instead;
    return (
      <div role="alert" className="rounded-lg border border-line bg-surface px-4 py-3 text-ink-2">
        <p>
          <span className="font-strong text-ink">{this.props.what} can't be shown.</span> This is a fault of
          the dashboard; runs are not affected, and the rest of this page goes on.
        </p>
        <p className="mt-1 break-words font-mono text-small">{fault.slice(0, 300)}</p>
        <Button size="small" className="mt-2" onClick={() => this.setState({ fault: undefined })}>
          Show it again
        </Button>
      </div>
    );
  }
}
