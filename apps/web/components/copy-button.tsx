"use client";

import { clsx } from "clsx";
import { Check, Copy } from "lucide-react";
import { createPortal } from "react-dom";
import { notCopied } from "@/lib/copy-text.ts";
import { useCopy } from "@/lib/use-copy.ts";
import { IconButton } from "./button.tsx";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, e.g. "run id". */
  readonly what: string;
  readonly className?: string;
  readonly tabIndex?: number;
}

export function CopyButton({ text, what, className, tabIndex }: CopyButtonProps) {
  const { outcome, copy } = useCopy(text);
  const isCopied = outcome === "copied";
  return (
    <>
      <IconButton
        label={isCopied ? `Copied the ${what}` : `Copy the ${what}`}
        className={clsx(isCopied && "text-completed", className)}
        tabIndex={tabIndex}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void copy();
        }}
      >
        {isCopied ? <Check aria-hidden size={13} /> : <Copy aria-hidden size={13} />}
      </IconButton>
      {/* The button may be small, and in a row that cuts off what is wider. */}
      {outcome === "refused"
        ? createPortal(
            <p
              role="status"
              className="pointer-events-none fixed inset-x-4 bottom-6 z-50 mx-auto w-fit rounded-lg border border-line bg-raised px-3 py-2 text-small shadow-raised"
            >
              {notCopied}
            </p>,
            document.body,
          )
        : null}
    </>
  );
}
