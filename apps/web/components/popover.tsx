"use client";

import { Slot } from "@radix-ui/react-slot";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { loadWhenOpen } from "./load-when-open.tsx";

interface PopoverProps {
  readonly trigger: ReactNode;
  readonly label: string;
  readonly children: ReactNode;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly align?: "start" | "end";
  /** Focused when it opens, instead of what comes first. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

const PopoverContent = loadWhenOpen(
  () => import("./popover-content.tsx").then((module) => module.PopoverContent),
  ({ open }) => open,
);

/** What it shows is in the page only while it is open. */
export function Popover({
  trigger,
  label,
  children,
  align = "start",
  initialFocus,
  open,
  onOpenChange,
}: PopoverProps) {
  const [isOpenByItself, setOpenByItself] = useState(false);
  const button = useRef<HTMLElement>(null);
  const isOpen = open ?? isOpenByItself;
  function change(next: boolean): void {
    setOpenByItself(next);
    onOpenChange?.(next);
  }
  return (
    <>
      <Slot ref={button} aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => change(!isOpen)}>
        {trigger}
      </Slot>
      <PopoverContent
        open={isOpen}
        onOpenChange={change}
        button={button}
        label={label}
        align={align}
        initialFocus={initialFocus}
      >
        {children}
      </PopoverContent>
    </>
  );
}
