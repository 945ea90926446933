import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What would be here, and how to get it here. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** It stands for a whole page, so its title is the page's. */
  readonly isPage?: boolean;
}

export function EmptyState({ icon: Icon, title, children, action, isPage = false }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="fade-in flex flex-col items-center justify-center gap-1 px-6 py-16 text-center">
      <Icon aria-hidden size={28} strokeWidth={1.5} className="mb-2 text-ink-3" />
      <Title className="font-strong">{title}</Title>
      {children === undefined ? null : <div className="max-w-[52ch] text-ink-2">{children}</div>}
      {action === undefined ? null : <div className="mt-4">{action}</div>}
    </div>
  );
}
