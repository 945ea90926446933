"use client";

import type { ComponentProps } from "react";
import { Button } from "@/components/button.tsx";
import { useRefusal } from "@/lib/use-refusal.ts";
import { needs } from "./needs.ts";
import type { PersonVerb } from "./target.ts";

interface VerbButtonProps extends Omit<ComponentProps<typeof Button>, "onClick"> {
  readonly verb: PersonVerb;
  readonly onAsk: (verb: PersonVerb) => void;
}

/** Asks for an action; says who may where this person may not. */
export function VerbButton({ verb, onAsk, ...props }: VerbButtonProps) {
  const refusal = useRefusal(needs[verb]);
  return <Button {...props} refusal={refusal} onClick={() => onAsk(verb)} />;
}
