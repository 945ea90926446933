import type { ReactNode } from "react";

export function Section({
  title,
  children,
  aside,
}: {
  title: string;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <section className="mb-4">
      <div className="mb-1 flex items-center gap-2">
        <h3 className="flex-1 font-strong text-ink-2 text-small">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
