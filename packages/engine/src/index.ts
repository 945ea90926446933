export type { Clock } from "./clock.ts";
export { Engine, type EngineOptions } from "./engine.ts";
export { MemoryStateStore } from "./memory-state-store.ts";
export type { EngineObserver } from "./observer.ts";
export type { RunEntry } from "./run-entry.ts";
export { SqliteStateStores } from "./sqlite-state-store.ts";
export type { SnapshotHead, StateStore, Undispatched } from "./state-store.ts";
export { systemClock } from "./system-clock.ts";
export { defaultTuning, type Tuning } from "./tuning.ts";
