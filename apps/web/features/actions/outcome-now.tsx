"use client";

import { clsx } from "clsx";
import { CircleCheck, CircleX, LoaderCircle, X } from "lucide-react";
import { Button, IconButton } from "@/components/button.tsx";
import { toneText } from "@/components/tone.ts";
import { useNow } from "@/lib/use-now.ts";
import type { TrackedAction } from "./action-store.ts";
import { useDismissAction, useSendAgain } from "./actions-provider.tsx";
import { describeOutcome, type OutcomeText } from "./outcome.ts";

interface OutcomeNowProps {
  readonly action: TrackedAction;
  readonly target: string;
  /** Named where the line stands alone. */
  readonly subject?: string | undefined;
  readonly className?: string | undefined;
}

export function OutcomeNow({ action, target, subject, className }: OutcomeNowProps) {
  const dismiss = useDismissAction();
  const sendAgain = useSendAgain();
  const now = useNow(500);
  const text: OutcomeText =
    action.state === "sent"
      ? describeOutcome(action.view, now)
      : action.state === "sending"
        ? { tone: "running", text: "Sending…", isOpen: true }
        : {
            tone: "failed",
            text: `${action.isUnknown ? "Not confirmed" : "Nothing was done"}: ${action.message}`,
            isOpen: false,
          };
  return (
    <p role="status" className={clsx("fade-in flex items-start gap-2", toneText[text.tone], className)}>
      <OutcomeIcon text={text} />
      <span className="min-w-0 font-strong">
        {subject === undefined ? "" : `${subject}: `}
        {text.text}
      </span>
      {action.state === "notSent" && action.isUnknown ? (
        <Button
          size="small"
          className="-my-0.5"
          title="However often it arrives, it is carried out once"
          onClick={() => void sendAgain(target)}
        >
          Send it again
        </Button>
      ) : null}
      {text.isOpen ? null : (
        <IconButton label="Hide this" onClick={() => dismiss(target)} className="-my-0.5">
          <X aria-hidden size={13} />
        </IconButton>
      )}
    </p>
  );
}

function OutcomeIcon({ text }: { text: OutcomeText }) {
  const look = "mt-0.5 shrink-0";
  if (text.isOpen) return <LoaderCircle aria-hidden size={16} className={clsx(look, "animate-spin")} />;
  if (text.tone === "completed") return <CircleCheck aria-hidden size={16} className={look} />;
  return <CircleX aria-hidden size={16} className={look} />;
}
