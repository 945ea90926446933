/** A change of the engine's source, exactly one place in it. */
export interface Patch {
  /** In `packages/engine/src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}
