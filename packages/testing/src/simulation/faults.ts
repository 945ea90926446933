/** How often things go wrong, as probabilities an operation unless said otherwise. */
export interface Faults {
  /** The message never reaches the log; the sender's session breaks. */
  readonly sendLost: number;
  /** As `sendLost`, for jobs and timers only. */
  readonly effectLost: number;
  /** The message is stored, its receipt is lost; the sender's session breaks. */
  readonly receiptLost: number;
  /** A message under way when its session broke is stored all the same, up to 8 s later. */
  readonly zombieLands: number;
  readonly sessionBreaks: number;
  readonly acknowledgementLost: number;
  readonly deliveredTwice: number;
  readonly reordered: number;
  /** Acknowledged messages come back, a happening. */
  readonly redelivered: number;
  readonly timerEarly: number;
  readonly timerLost: number;
  /** Mean time between crashes of an engine, between pauses, and between moves of a partition, ms. 0 is never. */
  readonly crashEveryMs: number;
  readonly pauseEveryMs: number;
  readonly moveEveryMs: number;
  /** What a crash leaves of the snapshots: the chance that they are gone. */
  readonly snapshotGone: number;
  readonly slowestMs: number;
}

export const noFaults: Faults = {
  sendLost: 0,
  effectLost: 0,
  receiptLost: 0,
  zombieLands: 0,
  sessionBreaks: 0,
  acknowledgementLost: 0,
  deliveredTwice: 0,
  reordered: 0,
  redelivered: 0,
  timerEarly: 0,
  timerLost: 0,
  crashEveryMs: 0,
  pauseEveryMs: 0,
  moveEveryMs: 0,
  snapshotGone: 0,
  slowestMs: 5,
};

export const allFaults: Faults = {
  sendLost: 0.01,
  effectLost: 0.01,
  receiptLost: 0.02,
  zombieLands: 0.6,
  sessionBreaks: 0.003,
  acknowledgementLost: 0.06,
  deliveredTwice: 0.08,
  reordered: 0.15,
  redelivered: 0.05,
  timerEarly: 0.3,
  timerLost: 0.2,
  crashEveryMs: 12_000,
  pauseEveryMs: 15_000,
  moveEveryMs: 6_000,
  snapshotGone: 0.3,
  slowestMs: 120,
};
