import type { LiveChange } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";
import type { FollowedRun } from "./live-connection.ts";

export interface StreamListener {
  readonly onOpen: () => void;
  readonly onLost: () => void;
  readonly onChange: (id: string, change: LiveChange) => void;
}

export type OpenStream = (
  request: { readonly follow: readonly FollowedRun[]; readonly lastEventId: string | undefined },
  listener: StreamListener,
) => { readonly close: () => void };

/** The server's event stream. Browsers open six connections to a host over all tabs, so there is one for all of them. */
export function eventStreamOf(client: Client): OpenStream {
  return ({ follow, lastEventId }, { onOpen, onLost, onChange }) => {
    let isAsked = false;
    const subscription = client.live.changes.subscribe(
      { follow: [...follow], ...(lastEventId === undefined ? {} : { lastEventId }) },
      {
        onConnectionStateChange({ state, error }) {
          if (state === "pending") onOpen();
          if (state !== "connecting") return;
          // A retry begins as the first attempt did, without a word of what went wrong.
          if (isAsked || error !== null) onLost();
          isAsked = true;
        },
        onData: ({ id, data }) => onChange(id, data),
        onError: onLost,
      },
    );
    return { close: () => subscription.unsubscribe() };
  };
}
