import type { NamespaceView } from "@downbeat/api/views";
import { formatNamespace } from "@/lib/namespace.ts";
import type { Client } from "@/trpc/client.ts";
import { eventStreamOf } from "./event-stream.ts";
import type { LiveListener, LiveRequest, LiveSource } from "./live-connection.ts";
import { connectShared, type TabChannel, type TabLock, type TabMessage } from "./shared-stream.ts";

// Tabs that were loaded from an older build may speak otherwise.
const dialect = "downbeat live 1";

/** The stream that this browser's tabs share; where a browser knows no locks, one of this tab's own. */
export function connectLive(
  client: Client,
  namespace: NamespaceView,
  request: LiveRequest,
  listener: LiveListener,
): LiveSource {
  const name = `${dialect} ${formatNamespace(namespace)}`;
  const canShare = typeof BroadcastChannel === "function" && "locks" in navigator;
  return connectShared(
    {
      open: eventStreamOf(client),
      channel: canShare ? channelOf(name) : alone,
      lock: canShare ? lockOf(name) : granted,
      tab: crypto.randomUUID(),
      setTimer(work, everyMs) {
        const timer = setInterval(work, everyMs);
        return () => clearInterval(timer);
      },
    },
    request,
    listener,
  );
}

function channelOf(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen(listener) {
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isTabMessage(data)) listener(data);
      };
      return () => {
        channel.onmessage = null;
        // What was posted last still goes out.
        setTimeout(() => channel.close());
      };
    },
  };
}

const types = ["here", "gone", "leads", "stands", "change"];

/** Sent by this build's own code, as the channel's name says; anything else on the channel is somebody else's. */
function isTabMessage(data: unknown): data is TabMessage {
  return (
    typeof data === "object" && data !== null && "type" in data && types.some((type) => type === data.type)
  );
}

function lockOf(name: string): TabLock {
  return {
    request({ signal, steal, hold, onStolen }) {
      let isHeld = false;
      const held = (): Promise<void> => {
        if (signal.aborted) return Promise.resolve();
        isHeld = true;
        hold();
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
      };
      // A browser that refuses is asked for again by whoever misses the leading tab.
      navigator.locks.request(name, steal ? { steal } : { signal }, held).catch(() => {
        if (isHeld && !signal.aborted) onStolen();
      });
    },
  };
}

const alone: TabChannel = { post: () => {}, listen: () => () => {} };

const granted: TabLock = {
  request: ({ hold }) => hold(),
};
