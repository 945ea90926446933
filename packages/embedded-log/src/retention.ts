/**
 * - `unlimited`: every message stays
 * - `untilAcknowledged`: a message goes when all subscriptions of its topic have acknowledged it. A topic that has no
 *   subscription keeps everything.
 * - `newestOfKey`: a message goes when another one of its key comes. For topics that are only read, not subscribed to. What was sent before the log was
 *   opened stays: readers take a later message of a key for the one that counts anyway.
 */
export type Retention = "unlimited" | "untilAcknowledged" | "newestOfKey";

/** Beginnings of topic names and what applies to them; the longest that fits wins. `""` fits every topic. */
export type RetentionRules = Readonly<Record<string, Retention>>;

export const defaultRetention: RetentionRules = {
  history: "unlimited",
  "saved-queries": "unlimited",
  "cause-marks": "unlimited",
  "quarantine-marks": "unlimited",
  "saved-views": "unlimited",
  goals: "unlimited",
  boards: "unlimited",
  alerts: "unlimited",
  approvals: "unlimited",
  audit: "unlimited",
  workers: "newestOfKey",
  workflows: "newestOfKey",
};

export function retentionOf(topic: string, rules: RetentionRules): Retention {
  let longest = -1;
  let found: Retention = "untilAcknowledged";
  for (const [prefix, retention] of Object.entries(rules)) {
    if (prefix.length <= longest || !topic.startsWith(prefix)) continue;
    longest = prefix.length;
    found = retention;
  }
  return found;
}
