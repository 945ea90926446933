"use client";

import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { IconButton } from "@/components/button.tsx";

interface FieldSetProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly onRemove?: () => void;
  readonly children: ReactNode;
}

/** Fields that belong together, under their name. */
export function FieldSet({ label, hint, error, onRemove, children }: FieldSetProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={id} className="mb-4 min-w-0 rounded-md border border-line px-3 pt-2">
      <legend className="-ml-1 flex items-center gap-1 px-1 font-strong">
        {label}
        {onRemove === undefined ? null : (
          <IconButton label={`Remove ${label}`} onClick={onRemove}>
            <X aria-hidden size={13} />
          </IconButton>
        )}
      </legend>
      <p
        id={id}
        className={
          error === undefined ? "mb-2 text-ink-3 text-small empty:mb-0" : "mb-2 text-small text-stuck"
        }
      >
        {error ?? hint}
      </p>
      {children}
    </fieldset>
  );
}
