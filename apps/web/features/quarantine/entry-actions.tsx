"use client";

import type { QuarantineRemedies } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { DropDialog } from "./drop-dialog.tsx";
import { ResendDialog } from "./resend-dialog.tsx";

/** What may be done about an entry; what may not says why. */
export function EntryActions({ entry }: { readonly entry: QuarantineRemedies & { readonly text?: string } }) {
  const [asked, setAsked] = useState<"resend" | "drop">();
  const close = () => setAsked(undefined);
  return (
    <div className="mt-1.5 flex gap-2">
      <Button size="small" refusal={entry.sendAgainRefusal} onClick={() => setAsked("resend")}>
        Send again…
      </Button>
      <Button size="small" refusal={entry.dropRefusal} onClick={() => setAsked("drop")}>
        Drop…
      </Button>
      {asked === "resend" ? <ResendDialog entry={entry} text={entry.text ?? ""} onClose={close} /> : null}
      {asked === "drop" ? <DropDialog entry={entry} onClose={close} /> : null}
    </div>
  );
}
