const steps = 0;
const question = 1;

/** What a thread is at, where others can read it however busy the thread is. */
export class AtWork {
  readonly shared: Int32Array;

  constructor(shared: Int32Array = new Int32Array(new SharedArrayBuffer(8))) {
    this.shared = shared;
  }

  /** The code of a run may be run next. */
  step(): void {
    Atomics.add(this.shared, steps, 1);
  }

  /** @param id of the question; 0: none */
  set question(id: number) {
    Atomics.add(this.shared, steps, 1);
    Atomics.store(this.shared, question, id);
  }

  get question(): number {
    return Atomics.load(this.shared, question);
  }

  get steps(): number {
    return Atomics.load(this.shared, steps);
  }
}
