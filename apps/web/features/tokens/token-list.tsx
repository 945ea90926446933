"use client";

import type { TokenList as Tokens, TokenView } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { Panel } from "@/components/panel.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";

interface TokenListProps {
  readonly list: Tokens;
  readonly onWithdraw: (token: TokenView) => void;
}

export function TokenList({ list, onWithdraw }: TokenListProps) {
  const { tokens, usesKnownSince, now } = list;
  return (
    <>
      <ul aria-label="Tokens">
        {tokens.map((token) => (
          <li key={token.id} className="border-line border-b px-6 py-3 max-[700px]:px-3">
            <Panel what="The token" of={token}>
              <Token token={token} now={now} onWithdraw={onWithdraw} />
            </Panel>
          </li>
        ))}
      </ul>
      <p className="px-6 py-3 text-ink-3 text-small max-[700px]:px-3">
        When they were used is known since {formatDayAndClock(usesKnownSince)}, when this server started.
      </p>
    </>
  );
}

function Token({
  token,
  now,
  onWithdraw,
}: {
  readonly token: TokenView;
  readonly now: number;
  readonly onWithdraw: (token: TokenView) => void;
}) {
  const { id, name, role, madeAt, madeBy, endsAt, usedAt, notYours } = token;
  const isOver = endsAt <= now;
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="break-words font-strong">{name}</span>
          <span className="text-ink-2">{role}</span>
          <span className={isOver ? "text-stuck" : "text-ink-3"}>
            {isOver ? "expired" : "until"} {formatDayAndClock(endsAt)}
          </span>
        </p>
        <p className="break-words text-ink-2">
          For {placesOf(token)}.{" "}
          {usedAt === undefined ? (
            "Not used since this server started."
          ) : (
            <>
              Last used <TimeAgo at={usedAt} />.
            </>
          )}
        </p>
        <p className="break-words text-ink-3 text-small">
          Made {madeBy === undefined ? "" : `by ${madeBy}, `}
          {formatDayAndClock(madeAt)}. History names it {`${name} <token|${id}>`}.
        </p>
      </div>
      <Button
        size="small"
        look="quiet"
        refusal={notYours}
        onClick={() => onWithdraw(token)}
        aria-label={`Withdraw ${name}`}
      >
        Withdraw…
      </Button>
    </div>
  );
}

function placesOf({ in: places, isForOthers = false }: TokenView): string {
  const named = places.map((place) => (place === "*" ? "every namespace" : place));
  return [...named, ...(isForOthers ? ["others"] : [])].join(", ");
}
