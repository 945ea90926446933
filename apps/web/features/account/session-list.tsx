"use client";

import type { OwnAccount, OwnSession } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { Panel } from "@/components/panel.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { shownText } from "@/lib/shown-text.ts";
import { browserWords } from "./browser-words.ts";

interface SessionListProps {
  readonly account: OwnAccount;
  readonly onEnd: (session: OwnSession) => void;
}

export function SessionList({ account: { sessions, mostSessions }, onEnd }: SessionListProps) {
  return (
    <>
      <ul aria-label="Your sessions">
        {sessions.map((session) => (
          <li key={session.id} className="border-line border-b px-6 py-3 max-[700px]:px-3">
            <Panel what="The session" of={session}>
              <Session session={session} onEnd={onEnd} />
            </Panel>
          </li>
        ))}
      </ul>
      <p className="px-6 py-3 text-ink-3 text-small max-[700px]:px-3">
        The last request is known to the minute. You can have {mostSessions} sessions at once: signing in once
        more ends the oldest.
      </p>
    </>
  );
}

function Session({
  session,
  onEnd,
}: {
  readonly session: OwnSession;
  readonly onEnd: SessionListProps["onEnd"];
}) {
  const { since, seen, until, address, agent, isThis = false } = session;
  const words = browserWords(agent);
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-strong" title={agent && shownText(agent)}>
            {words}
          </span>
          {isThis ? <span className="text-completed">this session</span> : null}
        </p>
        <p className="break-words text-ink-2">
          {address === undefined ? "From an unknown address" : `From ${shownText(address)}`}, last seen{" "}
          <TimeAgo at={seen} />.
        </p>
        <p className="text-ink-3 text-small">
          Signed in {formatDayAndClock(since)}; ends {formatDayAndClock(until)} at the latest.
        </p>
      </div>
      {isThis ? (
        <form method="post" action="/signout">
          <Button size="small" look="quiet" type="submit">
            Sign out
          </Button>
        </form>
      ) : (
        <Button
          size="small"
          look="quiet"
          onClick={() => onEnd(session)}
          aria-label={`End the session of ${words}, signed in ${formatDayAndClock(since)}`}
        >
          End…
        </Button>
      )}
    </div>
  );
}
