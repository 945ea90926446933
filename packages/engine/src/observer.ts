/** What the engine tells about itself, for logs and metrics. Calls must not throw. */
export interface EngineObserver {
  claimed?(partition: number, epoch: number): void;
  owning?(partition: number, epoch: number): void;
  /** The partition's sessions and state were given up; it connects again after a wait. */
  dropped?(partition: number, reason: string): void;
  /** A record was read back as accepted. */
  accepted?(partition: number, commands: number, events: number): void;
  /** A record of someone else did not count: a zombie wrote it. */
  ignoredRecord?(partition: number): void;
  quarantined?(topic: string, reason: string): void;
  dispatched?(jobType: string): void;
  snapshotDiscarded?(partition: number, reason: string): void;
}
