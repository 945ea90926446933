"use client";

import * as Radix from "@radix-ui/react-popover";
import type { ReactNode, RefObject } from "react";

interface PopoverContentProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** What opens it, and where it hangs. */
  readonly button: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly align: "start" | "end";
  readonly initialFocus: RefObject<HTMLElement | null> | undefined;
  readonly children: ReactNode;
}

export function PopoverContent({
  open,
  onOpenChange,
  button,
  label,
  align,
  initialFocus,
  children,
}: PopoverContentProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Anchor virtualRef={button} />
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onOpenAutoFocus={(event) => {
            if (!initialFocus?.current) return;
            event.preventDefault();
            initialFocus.current.focus();
          }}
          onInteractOutside={(event) => {
            // The button closes it by itself, and would open it again.
            if (event.target instanceof Node && button.current?.contains(event.target))
              event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const { activeElement } = document;
            if (activeElement === null || activeElement === document.body) button.current?.focus();
          }}
          className="fade-in z-50 min-w-56 rounded-lg border border-line bg-raised p-1.5 shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
