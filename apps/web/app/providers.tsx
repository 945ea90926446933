"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ActionsProvider } from "@/features/actions/actions-provider.tsx";
import { LiveProvider } from "@/live/live-provider.tsx";
import { CommandsProvider } from "@/shell/commands-provider.tsx";
import { createClient } from "@/trpc/client.ts";
import { createQueryClient } from "@/trpc/query-client.ts";
import { TRPCProvider } from "@/trpc/react.ts";

export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <LiveProvider>
          <ActionsProvider>
            <CommandsProvider>{children}</CommandsProvider>
          </ActionsProvider>
        </LiveProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
