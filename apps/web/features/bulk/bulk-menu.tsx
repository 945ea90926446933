"use client";

import type { BulkVerb } from "@downbeat/api/views";
import { ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { useRefusals } from "@/lib/use-refusal.ts";
import { bulkNeeds, bulkVerbs } from "./bulk-words.ts";

interface BulkMenuProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly verbs: readonly BulkVerb[];
  readonly disabled?: boolean;
  readonly onAsk: (verb: BulkVerb) => void;
}

/** What may be done to all of them at once. */
export function BulkMenu({ label, children, verbs, disabled = false, onAsk }: BulkMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const refusalOf = useRefusals();
  return (
    <Popover
      label={label}
      align="end"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button size="small" disabled={disabled}>
          {children} <ChevronDown aria-hidden size={13} />
        </Button>
      }
    >
      <div className="flex flex-col">
        {verbs.map((verb) => {
          const { menu, isDestructive } = bulkVerbs[verb];
          return (
            <Button
              key={verb}
              look="quiet"
              className={`justify-start ${isDestructive === true ? "text-stuck hover:text-stuck" : ""}`}
              refusal={refusalOf(bulkNeeds[verb])}
              onClick={() => {
                setOpen(false);
                onAsk(verb);
              }}
            >
              {menu}
            </Button>
          );
        })}
      </div>
    </Popover>
  );
}
