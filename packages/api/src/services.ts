import { randomBytes } from "node:crypto";
import type { Analytics, ProjectionFeed, ReadModel } from "@downbeat/history";
import type { MessageLog } from "@downbeat/message-log";
import type { NamespaceName } from "@downbeat/protocol";
import { QueryDesk } from "./analytics/query-desk.ts";
import { InboxSender } from "./commands/inbox-sender.ts";
import type { Services } from "./context.ts";
import { CursorScope } from "./cursor-scope.ts";
import { JobTopics } from "./job-topics.ts";
import { LiveState } from "./live/live-state.ts";
import { SavedQueries } from "./saved-queries/saved-queries.ts";

/** What the API needs for one namespace, made from its log, what is folded from it, and where people's queries are answered. */
export function createServices(
  name: NamespaceName,
  log: MessageLog,
  feed: ProjectionFeed,
  readModel: ReadModel,
  analytics: readonly Analytics[],
): Services {
  feed.onRebuilt(() => readModel.reopen());
  return {
    readModel,
    feed,
    commands: new InboxSender(log),
    jobTopics: new JobTopics(log, Date.now),
    live: new LiveState(feed, readModel),
    cursors: new CursorScope(name),
    queries: new QueryDesk(analytics, Date.now),
    savedQueries: new SavedQueries({ log }),
    now: Date.now,
    newId: () => randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0"),
    outcomeTimeoutMs: 5_000,
  };
}
