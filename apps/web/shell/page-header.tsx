import type { ReactNode } from "react";
import { FreshnessStamp } from "./freshness-stamp.tsx";

interface PageHeaderProps {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHeader({ title, detail, children }: PageHeaderProps) {
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-6 max-[700px]:px-3 max-[700px]:py-2">
      <h1 className="font-strong text-title">{title}</h1>
      <div className="min-w-0 flex-1 truncate text-ink-2">{detail}</div>
      <FreshnessStamp />
      {children}
    </header>
  );
}
