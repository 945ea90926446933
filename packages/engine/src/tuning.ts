export interface Tuning {
  /** Commands decided into one record at most. */
  readonly maxBatch: number;
  /** Size at which a record is closed, bytes. */
  readonly maxRecordBytes: number;
  /** Size at which what comes of one input goes on in a further record, bytes. */
  readonly maxPartBytes: number;
  /** Records appended and not read back. At most `mostRecordsInFlight`: readers rely on it. */
  readonly maxInFlight: number;
  /** Inbox messages on their way here unseen: few, so that the log soon notices when this process is paused. */
  readonly inboxPrefetch: number;
  /** How long an own record may take to be read back, ms. */
  readonly readBackTimeoutMs: number;
  /** Longest wait before connecting again after a drop, ms; half of it at least. Up to five times as long while the log can't be reached, twenty times while it refuses what is appended. */
  readonly dropBackOffMs: number;
  readonly snapshotEveryMs: number;
  /** An inbox session without traffic is renewed after so long, ms. */
  readonly renewIdleMs: number;
}

export const defaultTuning: Tuning = {
  maxBatch: 1_000,
  maxRecordBytes: 400_000,
  maxPartBytes: 200_000,
  maxInFlight: 8,
  inboxPrefetch: 32,
  readBackTimeoutMs: 15_000,
  dropBackOffMs: 1_000,
  snapshotEveryMs: 5_000,
  renewIdleMs: 600_000,
};
