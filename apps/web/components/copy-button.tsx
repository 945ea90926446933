"use client";

import { clsx } from "clsx";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, e.g. "run id". */
  readonly what: string;
  readonly className?: string;
  readonly tabIndex?: number;
}

export function CopyButton({ text, what, className, tabIndex }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      label={copied ? `Copied the ${what}` : `Copy the ${what}`}
      className={clsx(copied && "text-completed", className)}
      tabIndex={tabIndex}
      onClick={async (event) => {
        event.preventDefault();
        event.stopPropagation();
        await navigator.clipboard.writeText(text);
        setCopied(true);
      }}
    >
      {copied ? <Check aria-hidden size={13} /> : <Copy aria-hidden size={13} />}
    </IconButton>
  );
}
