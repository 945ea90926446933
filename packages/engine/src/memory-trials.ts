import type { Trials, Unfinished, Verdict } from "./trials.ts";

export class MemoryTrials implements Trials {
  #atWork: Unfinished | undefined;
  readonly #begun = new Map<string, number>();
  readonly #condemned = new Map<string, Verdict>();

  /** What the watchdog does in a process that stands still. */
  standStill(): void {
    if (this.#atWork !== undefined) this.#atWork = { ...this.#atWork, isLong: true };
  }

  deciding(commandId?: string): void {
    this.#atWork = { ...(commandId !== undefined && { commandId }), isInCode: false, isLong: false };
  }

  inCode(is: boolean): void {
    if (this.#atWork !== undefined) this.#atWork = { ...this.#atWork, isInCode: is };
  }

  decided(): void {
    this.#atWork = undefined;
  }

  takeUnfinished(): Unfinished | undefined {
    const unfinished = this.#atWork;
    this.#atWork = undefined;
    return unfinished;
  }

  begin(commandId: string): number {
    const before = this.#begun.get(commandId) ?? 0;
    this.#begun.set(commandId, before + 1);
    return before;
  }

  abandon(commandId: string): void {
    const left = (this.#begun.get(commandId) ?? 0) - 1;
    if (left > 0) this.#begun.set(commandId, left);
    else this.#begun.delete(commandId);
  }

  end(commandId: string): void {
    this.#begun.delete(commandId);
  }

  any(): boolean {
    return this.#begun.size > 0;
  }

  forget(): void {
    this.#begun.clear();
  }

  condemn(commandId: string, verdict: Verdict): void {
    this.#condemned.set(commandId, verdict);
  }

  condemned(): Iterable<readonly [string, Verdict]> {
    return this.#condemned;
  }
}
