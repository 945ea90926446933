"use client";

import * as Radix from "@radix-ui/react-dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { returnFocus } from "@/lib/focus-keeper.ts";
import { IconButton } from "./button.tsx";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** What will happen, before it does. */
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

export function DialogFrame({ open, onOpenChange, title, description, children, wide = false }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        {/* As high as dialogs are: that of a second one covers the first. */}
        <Radix.Overlay className="fade-in fixed inset-0 z-50 bg-[rgb(10_12_16_/_0.42)]" />
        <Radix.Content
          onOpenAutoFocus={(event) => {
            const content = event.currentTarget;
            if (!(content instanceof HTMLElement)) return;
            const first =
              content.querySelector<HTMLElement>("[data-first]") ??
              content.querySelector<HTMLElement>("input, textarea, select");
            if (first === null) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus();
          }}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={clsx(
            "fade-in -translate-x-1/2 fixed top-[12vh] left-1/2 z-50 flex max-h-[80vh] w-[calc(100vw-32px)] flex-col",
            "rounded-xl border border-line bg-raised shadow-raised",
            wide ? "max-w-[860px]" : "max-w-[520px]",
          )}
        >
          <header className="flex items-start gap-2 px-5 pt-4 pb-1">
            <Radix.Title className="min-w-0 flex-1 font-strong text-title">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close">
                <X aria-hidden size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">
            {description === undefined ? null : (
              <Radix.Description asChild>
                <div className="mb-4 text-ink-2">{description}</div>
              </Radix.Description>
            )}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
