import { type ExactNumber, exactOf, exactSum, exactText, exactZero, negated } from "@downbeat/domain";
import { LatencySketch } from "../latency-sketch.ts";
import type { MeasuredNumber, MeasuredRuns, ShownStatus } from "../views.ts";

/** What a break-down looks at of a run. */
export interface LookedAt {
  readonly id: number;
  readonly runId: string;
  readonly workflow: string;
  readonly shown: ShownStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** Of the facet ('' where it has none) or the label. */
  readonly value: string | undefined;
  readonly number: ExactNumber | undefined;
  /** It has more numbers than are kept. */
  readonly isCut: boolean;
}

/** Counts, durations and a number of some runs. */
export class RunMeasure {
  runs = 0;
  numbers = 0;
  /** Of these nobody knows whether they have the number. */
  cut = 0;
  sum = exactZero;
  readonly #hasNumber: boolean;
  readonly #byStatus: Partial<Record<ShownStatus, number>> = {};
  #durations: LatencySketch | undefined;
  #least: ExactNumber | undefined;
  #most: ExactNumber | undefined;

  constructor(hasNumber: boolean) {
    this.#hasNumber = hasNumber;
  }

  add({ shown, startedAt, endedAt, number, isCut }: LookedAt): void {
    this.runs++;
    this.#byStatus[shown] = (this.#byStatus[shown] ?? 0) + 1;
    if (shown === "completed" && endedAt !== undefined)
      (this.#durations ??= new LatencySketch()).add(endedAt - startedAt);
    if (number === undefined) {
      if (isCut) this.cut++;
      return;
    }
    this.numbers++;
    this.sum = exactSum(this.sum, number);
    if (this.#least === undefined || isLess(number, this.#least)) this.#least = number;
    if (this.#most === undefined || isLess(this.#most, number)) this.#most = number;
  }

  merge(other: RunMeasure): void {
    this.runs += other.runs;
    this.numbers += other.numbers;
    this.cut += other.cut;
    this.sum = exactSum(this.sum, other.sum);
    for (const [shown, n] of Object.entries(other.#byStatus) as [ShownStatus, number][])
      this.#byStatus[shown] = (this.#byStatus[shown] ?? 0) + n;
    if (other.#durations !== undefined) (this.#durations ??= new LatencySketch()).merge(other.#durations);
    if (other.#least !== undefined && (this.#least === undefined || isLess(other.#least, this.#least)))
      this.#least = other.#least;
    if (other.#most !== undefined && (this.#most === undefined || isLess(this.#most, other.#most)))
      this.#most = other.#most;
  }

  get view(): MeasuredRuns {
    const p50 = this.#durations?.quantile(0.5);
    const p95 = this.#durations?.quantile(0.95);
    const p99 = this.#durations?.quantile(0.99);
    return {
      runs: this.runs,
      byStatus: this.#byStatus,
      ...(p50 !== undefined && { p50 }),
      ...(p95 !== undefined && { p95 }),
      ...(p99 !== undefined && { p99 }),
      ...(this.#hasNumber && { number: this.#number }),
    };
  }

  get #number(): MeasuredNumber {
    return {
      runs: this.numbers,
      without: this.runs - this.numbers - this.cut,
      ...(this.cut > 0 && { cut: this.cut }),
      sum: exactText(this.sum),
      ...(this.numbers > 0 && { average: averageText(this.sum, this.numbers) }),
      ...(this.#least !== undefined && { least: exactText(this.#least) }),
      ...(this.#most !== undefined && { most: exactText(this.#most) }),
    };
  }
}

export function isLess(one: ExactNumber, other: ExactNumber): boolean {
  return exactSum(one, negated(other)).units < 0n;
}

const averageScale = 6;

/** Rounded half away from zero. */
function averageText({ units, scale }: ExactNumber, count: number): string {
  const shift = 10n ** BigInt(averageScale);
  const by = BigInt(count) * 10n ** BigInt(scale);
  const much = (units < 0n ? -units : units) * shift;
  const rounded = (much + by / 2n) / by;
  const signed = units < 0n ? -rounded : rounded;
  return exactText(exactOf(`${signed}e-${averageScale}`) ?? exactOfWhole(signed));
}

/** Beyond what a number may have digits. */
function exactOfWhole(units: bigint): ExactNumber {
  return { units, scale: averageScale };
}
