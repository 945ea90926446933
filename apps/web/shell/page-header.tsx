import type { ReactNode } from "react";
import { FreshnessStamp } from "./freshness-stamp.tsx";

interface PageHeaderProps {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHeader({ title, detail, children }: PageHeaderProps) {
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-6 py-2 max-[700px]:px-3">
      <h1 className="font-strong text-title">{title}</h1>
      {detail === undefined ? null : (
        <div className="min-w-0 flex-1 truncate text-ink-2 max-[700px]:order-last max-[700px]:basis-full">
          {detail}
        </div>
      )}
      <div className="ml-auto">
        <FreshnessStamp />
      </div>
      {children}
    </header>
  );
}
