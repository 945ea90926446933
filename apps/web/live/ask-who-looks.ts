import type { Me } from "@downbeat/api/views";
import type { LiveConnection } from "./live-connection.ts";

const askEveryMs = 3_000;

/**
 * A stream that is refused says nothing of why; an answer does. Once it is back it may be another's: somebody else signed in in another tab.
 *
 * @returns to be called when nobody looks any more
 */
export function askWhoLooks(live: Pick<LiveConnection, "state" | "onState">, ask: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = (): void => {
    const { connection } = live.state();
    if (connection === "reconnecting" && timer === undefined) {
      timer = setInterval(ask, askEveryMs);
      ask();
    } else if (connection !== "reconnecting" && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
      if (connection === "open") ask();
    }
  };
  const stop = live.onState(look);
  return () => {
    stop();
    clearInterval(timer);
  };
}

/** Whether what a page has fetched, and what it lets people do, is for somebody else than who looks by now. */
export function isAnother(began: Me, now: Me): boolean {
  return began.actor !== now.actor || began.role !== now.role || began.signedIn?.id !== now.signedIn?.id;
}
