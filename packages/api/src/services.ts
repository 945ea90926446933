import { randomBytes } from "node:crypto";
import type { ProjectionFeed, ReadModel } from "@downbeat/history";
import type { MessageLog } from "@downbeat/message-log";
import type { NamespaceName } from "@downbeat/protocol";
import { InboxSender } from "./commands/inbox-sender.ts";
import type { Services } from "./context.ts";
import { CursorScope } from "./cursor-scope.ts";
import { JobTopics } from "./job-topics.ts";
import { LiveState } from "./live/live-state.ts";

/** What the API needs for one namespace, made from its log and what is folded from it. */
export function createServices(
  name: NamespaceName,
  log: MessageLog,
  feed: ProjectionFeed,
  readModel: ReadModel,
): Services {
  feed.onRebuilt(() => readModel.reopen());
  return {
    readModel,
    feed,
    commands: new InboxSender(log),
    jobTopics: new JobTopics(log, Date.now),
    live: new LiveState(feed, readModel),
    cursors: new CursorScope(name),
    now: Date.now,
    newId: () => randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0"),
    outcomeTimeoutMs: 5_000,
  };
}
