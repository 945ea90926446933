"use client";

import type { Encrypted } from "@downbeat/domain";
import { clsx } from "clsx";
import { Lock } from "lucide-react";
import { CopyButton } from "./copy-button.tsx";

interface EncryptedPayloadProps {
  readonly encrypted: Encrypted;
  /** As it stands in the log. */
  readonly text: string;
  /** What it is, e.g. "input". */
  readonly what: string;
  readonly className?: string | undefined;
}

/** Of what the server can't read all there is to show is by which key one could. */
export function EncryptedPayload({ encrypted, text, what, className }: EncryptedPayloadProps) {
  return (
    <div
      className={clsx(
        "group/json relative flex items-start gap-2 rounded-md border border-line bg-canvas py-2 pr-9 pl-3 text-small",
        className,
      )}
    >
      <Lock aria-hidden size={12} className="mt-0.5 shrink-0 text-ink-3" />
      {/* biome-ignore lint/a11y/useSemanticElements: a payload is not a section of the page */}
      <p role="group" aria-label={what}>
        Encrypted with key <span className="break-all font-mono">{encrypted.key}</span>.{" "}
        <span className="text-ink-3">The server doesn’t have it, or it was erased.</span>
      </p>
      <CopyButton text={text} what={`encrypted ${what}`} className="absolute top-1 right-1 bg-canvas" />
    </div>
  );
}
