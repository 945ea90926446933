"use client";

import type { NamespaceView } from "@downbeat/api/views";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ActionsProvider } from "@/features/actions/actions-provider.tsx";
import { ExportsProvider } from "@/features/exports/exports-provider.tsx";
import { tellRenderedAt } from "@/lib/clock.ts";
import { LiveProvider } from "@/live/live-provider.tsx";
import { SessionGate } from "@/live/session-gate.tsx";
import { CommandsProvider } from "@/shell/commands-provider.tsx";
import { NamespaceProvider } from "@/shell/namespace-provider.tsx";
import { ZoneProvider } from "@/shell/zone-provider.tsx";
import { createClient } from "@/trpc/client.ts";
import { createQueryClient } from "@/trpc/query-client.ts";
import { TRPCProvider } from "@/trpc/react.ts";

interface ProvidersProps {
  readonly current: NamespaceView;
  readonly all: readonly NamespaceView[];
  /** The time zone that was chosen on an earlier visit. */
  readonly zone: string | undefined;
  /** By the server's clock. */
  readonly renderedAt: number;
  readonly children: ReactNode;
}

/** Of one namespace for as long as they are mounted. */
export function Providers({ current, all, zone, renderedAt, children }: ProvidersProps) {
  useState(() => tellRenderedAt(renderedAt));
  const [queryClient] = useState(createQueryClient);
  const [client] = useState(() => createClient(current));
  return (
    <NamespaceProvider current={current} all={all}>
      <QueryClientProvider client={queryClient}>
        <TRPCProvider trpcClient={client} queryClient={queryClient}>
          <LiveProvider>
            <SessionGate>
              <ActionsProvider>
                <CommandsProvider>
                  <ZoneProvider kept={zone}>
                    <ExportsProvider>{children}</ExportsProvider>
                  </ZoneProvider>
                </CommandsProvider>
              </ActionsProvider>
            </SessionGate>
          </LiveProvider>
        </TRPCProvider>
      </QueryClientProvider>
    </NamespaceProvider>
  );
}
