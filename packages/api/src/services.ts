import { randomBytes } from "node:crypto";
import type { ProjectionFeed, ReadModel } from "@downbeat/history";
import type { MessageLog } from "@downbeat/message-log";
import { InboxSender } from "./commands/inbox-sender.ts";
import type { Services } from "./context.ts";
import { JobTopics } from "./job-topics.ts";
import { LiveState } from "./live/live-state.ts";

/** What the API needs, made from a log and what is folded from it. */
export function createServices(log: MessageLog, feed: ProjectionFeed, readModel: ReadModel): Services {
  feed.onRebuilt(() => readModel.reopen());
  return {
    readModel,
    feed,
    commands: new InboxSender(log),
    jobTopics: new JobTopics(log, Date.now),
    live: new LiveState(feed, readModel),
    now: Date.now,
    newId: () => randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0"),
    outcomeTimeoutMs: 5_000,
  };
}
