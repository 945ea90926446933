"use client";

import type { QueryAnswer, QueryUpdate } from "@downbeat/api/views";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";

export interface SqlQuery {
  readonly sql: string;
  readonly source: "readModel" | "pulsarSql";
  readonly maxRows: number;
}

type Progress = Extract<QueryUpdate, { type: "progress" }>["progress"];
export type Refusal = Pick<Extract<QueryUpdate, { type: "refused" }>, "message" | "line" | "column"> & {
  readonly code: Extract<QueryUpdate, { type: "refused" }>["code"] | "lost";
};

export interface QueryState {
  /** The last one that came; shown until another one is there. */
  readonly answer?: QueryAnswer;
  readonly running?: { readonly since: number; readonly progress?: Progress };
  readonly refusal?: Refusal;
}

/** One query at a time. It is cancelled with the page, by `cancel`, or by the next one. */
export function useSqlQuery() {
  const client = useTRPCClient();
  const [state, setState] = useState<QueryState>({});
  const current = useRef<AbortController>(undefined);

  const cancel = useCallback(() => {
    if (current.current === undefined) return;
    current.current.abort();
    current.current = undefined;
    setState(({ answer }) => ({
      ...(answer && { answer }),
      refusal: { code: "cancelled", message: "The query was cancelled." },
    }));
  }, []);

  const run = useCallback(
    /** @returns why there is no answer */
    async (query: SqlQuery): Promise<Refusal["code"] | undefined> => {
      current.current?.abort();
      const abort = new AbortController();
      current.current = abort;
      const since = Date.now();
      const become = (next: (before: QueryState) => QueryState): void => {
        if (current.current === abort) setState(next);
      };
      become(({ answer }) => ({ ...(answer && { answer }), running: { since } }));
      let refused: Refusal["code"] | undefined;
      try {
        for await (const update of await client.analytics.run.mutate(query, { signal: abort.signal })) {
          become((before) => after(before, update, since));
          if (update.type === "refused") refused = update.code;
        }
      } catch (error) {
        refused = "lost";
        become(({ answer }) => ({
          ...(answer && { answer }),
          refusal: { code: "lost", message: messageOf(error) },
        }));
      } finally {
        if (current.current === abort) current.current = undefined;
      }
      return refused;
    },
    [client],
  );

  const cancelOther = useCallback(() => client.analytics.cancel.mutate(), [client]);

  useEffect(() => () => current.current?.abort(), []);
  return { ...state, run, cancel, cancelOther };
}

function after(before: QueryState, update: QueryUpdate, since: number): QueryState {
  switch (update.type) {
    case "progress":
      return { ...before, running: { since, progress: update.progress } };
    case "answer":
      return { answer: update.answer };
    case "refused":
      return { ...(before.answer && { answer: before.answer }), refusal: update };
  }
}
