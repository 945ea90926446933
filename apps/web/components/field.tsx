import { clsx } from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

const box =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-ink placeholder:text-ink-3 disabled:opacity-60";

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (ids: { id: string; "aria-describedby": string }) => ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="mb-4">
      <label htmlFor={id} className="mb-1 block font-strong">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-hint` })}
      <p
        id={`${id}-hint`}
        aria-live="polite"
        className={clsx("mt-1 text-small", error === undefined ? "text-ink-3" : "text-stuck")}
      >
        {error ?? hint}
      </p>
    </div>
  );
}

export function TextInput({ className, ...props }: ComponentProps<"input">) {
  return <input className={clsx(box, "h-8", className)} autoComplete="off" spellCheck={false} {...props} />;
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={clsx(box, "block py-1.5", className)} spellCheck={false} {...props} />;
}

export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select className={clsx(box, "h-8 pr-1", className)} {...props} />;
}
