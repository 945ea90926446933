"use client";

import type { Me } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { CircleUser } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { useTRPC } from "@/trpc/react.ts";
import { useRoutes } from "./namespace-provider.tsx";

/** Whom actions here are recorded under; asked further, how that is known, and the way out. */
export function Actor() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const [isOpen, setOpen] = useState(false);
  if (data === undefined) return <span className="h-8 flex-1 basis-full" />;
  const name = data.signedIn?.name ?? data.actor;
  const said = data.signedIn === undefined ? "no sign-in" : data.role;
  return (
    <Popover
      label="Who you are"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          title={`You act as ${data.actor}, with the role ${data.role}: every action is recorded under this name`}
          className="flex h-8 min-w-0 flex-1 basis-full items-center gap-2 rounded-md px-2 text-left text-ink-2 hover:bg-hover hover:text-ink max-[1000px]:basis-auto"
        >
          <CircleUser aria-hidden size={15} className="shrink-0 text-ink-3" />
          <span className="truncate max-[1000px]:sr-only">
            {name}
            <span className="text-ink-3"> · {data.role === "admin" ? said : data.role}</span>
          </span>
        </button>
      }
    >
      <Identity me={data} onLeave={() => setOpen(false)} />
    </Popover>
  );
}

function Identity({
  me: { actor, role, signedIn },
  onLeave,
}: {
  readonly me: Me;
  readonly onLeave: () => void;
}) {
  const routes = useRoutes();
  return (
    <div className="w-72 p-2">
      <p className="font-strong text-ink">{signedIn?.name ?? actor}</p>
      {signedIn === undefined ? null : (
        <p className="break-words font-mono text-ink-3 text-small">{signedIn.id}</p>
      )}
      <p className="mt-2 text-ink-2">
        Role in this namespace: <span className="font-strong text-ink">{role}</span>
      </p>
      {signedIn === undefined ? (
        <p className="mt-2 text-ink-2">
          Nobody signs in here: everybody who uses this machine acts under this name and with this role.
        </p>
      ) : (
        <>
          <p className="mt-2">
            <Link href={routes.account()} onClick={onLeave} className="text-accent underline">
              Your account
            </Link>
          </p>
          <form method="post" action="/signout" className="mt-3">
            <Button type="submit">Sign out</Button>
          </form>
        </>
      )}
    </div>
  );
}
