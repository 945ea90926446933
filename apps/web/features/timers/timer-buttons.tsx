"use client";

import type { TimerView } from "@downbeat/api/views";
import { CalendarClock, type LucideIcon, X, Zap } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { needs } from "@/features/actions/needs.ts";
import type { ActionRequest } from "@/features/actions/request.ts";
import type { PersonVerb } from "@/features/actions/target.ts";
import { verbs } from "@/features/actions/verbs.ts";
import { useRefusals } from "@/lib/use-refusal.ts";
import { cancelVerb, fireVerb, postponeVerb, whyNoCancel, whyNoPostpone } from "./timer-words.ts";

interface TimerButtonsProps {
  readonly timer: TimerView;
  /** Of its row in a list: keys walk from one to the next. */
  readonly index?: number;
  readonly onAsk: (request: ActionRequest) => void;
}

/** What may be done about it now; of what may not, why. */
export function TimerButtons({ timer, index, onAsk }: TimerButtonsProps) {
  const refusalOf = useRefusals();
  const { runId, workflow, kind, id, name, dueAt, attempt } = timer;
  const isJob = kind === "backOff" || kind === "deadline";
  const target = {
    runId,
    workflow,
    timer: {
      kind,
      id,
      dueAt,
      ...(name !== undefined && { name }),
      ...(attempt !== undefined && { attempt }),
    },
    ...(isJob && { jobId: id, ...(name !== undefined && { jobType: name }) }),
  };
  const button = (verb: PersonVerb | undefined, word: string, Icon: LucideIcon, why = "") => {
    const label = verb === undefined ? word : verbs[verb].button(target);
    return (
      <Button
        look="quiet"
        size="small"
        className="px-1.5"
        aria-label={label}
        title={label}
        {...(word === "Fire now" && index !== undefined && { "data-row": index })}
        refusal={verb === undefined ? why : refusalOf(needs[verb])}
        onClick={() => verb !== undefined && onAsk({ verb, target })}
      >
        <Icon aria-hidden size={14} />
      </Button>
    );
  };
  return (
    <div className="flex">
      {button(fireVerb[kind], "Fire now", Zap)}
      {button(postponeVerb[kind], "Postpone", CalendarClock, whyNoPostpone)}
      {button(cancelVerb[kind], "Cancel", X, whyNoCancel)}
    </div>
  );
}
