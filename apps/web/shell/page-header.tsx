import type { ReactNode } from "react";
import { FreshnessStamp } from "./freshness-stamp.tsx";

interface PageHeaderProps {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHeader({ title, detail, children }: PageHeaderProps) {
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 px-6">
      <h1 className="font-strong text-title">{title}</h1>
      <div className="min-w-0 flex-1 truncate text-ink-2">{detail}</div>
      <FreshnessStamp />
      {children}
    </header>
  );
}
