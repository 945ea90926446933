"use client";

import { useState } from "react";
import { messageOf } from "@/trpc/trouble.ts";

export interface Submission {
  readonly isBusy: boolean;
  /** Why the last try came to nothing. */
  readonly problem: string | undefined;
  /** @param work may resolve with why it came to nothing */
  readonly submit: (work: () => Promise<string | undefined>) => Promise<void>;
}

/** What a form sends to the server. */
export function useSubmission(): Submission {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function submit(work: () => Promise<string | undefined>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      setProblem(await work());
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, problem, submit };
}
