"use client";

import type { AlertChannelKind, AlertChannelView } from "@downbeat/api/views";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@/components/button.tsx";
import { known } from "@/lib/known.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";

const kindWords: Readonly<Record<AlertChannelKind, string>> = {
  webhook: "Webhook",
  slack: "Chat",
  email: "E-mail",
  alertmanager: "Alertmanager",
};

/** Where the server can tell people; what is secret about it stays there. */
export function ChannelList({ channels }: { readonly channels: readonly AlertChannelView[] }) {
  return (
    <section aria-labelledby="alert-channels" className="border-line border-b px-6 py-3 max-[700px]:px-3">
      <h2 id="alert-channels" className="mb-1 font-strong">
        Channels
      </h2>
      {channels.length === 0 ? (
        <p className="text-ink-3">
          The server has none, so rules are only shown here. Start it with{" "}
          <code className="font-mono">--alert-channels &lt;file&gt;</code> to tell a webhook, a chat,
          mailboxes or Alertmanager.
        </p>
      ) : (
        <ul aria-label="Channels">
          {channels.map((channel) => (
            <Channel key={channel.name} channel={channel} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Channel({ channel: { name, kind, to } }: { readonly channel: AlertChannelView }) {
  const client = useTRPCClient();
  const refusal = useRefusal("setAlerts");
  const test = useMutation({ mutationFn: () => client.alerts.test.mutate({ channel: name }) });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
      <span className="font-strong">{name}</span>
      <span className="min-w-0 break-words text-ink-2">
        {known(kindWords, kind) ?? kind}
        {to === "" ? null : ` · ${to}`}
      </span>
      <Button
        size="small"
        refusal={refusal}
        disabled={test.isPending}
        onClick={() => test.mutate()}
        aria-label={`Send a test to ${name}`}
      >
        {test.isPending ? "Sending…" : "Send a test"}
      </Button>
      <span role="status" className={test.isError ? "text-stuck" : "text-ink-2"}>
        {test.isError ? messageOf(test.error) : test.isSuccess ? "Delivered." : ""}
      </span>
    </li>
  );
}
