import { type Failure, isEncrypted, type RunEvent, withoutInputDigests } from "@downbeat/domain";
import { isBuiltIn } from "../bulk/built-in.ts";
import { maskedJson, maskJson, meantValues } from "./mask-json.ts";
import type { MaskRules, PayloadOf } from "./mask-rules.ts";
import { Secrets } from "./secrets.ts";
import { toldErrorOf } from "./told-error-of.ts";

/** All that is here of a run's history. */
export interface RunRecord {
  readonly workflow: string;
  /** The same list as long as it only grows. */
  readonly steps: readonly { readonly events: readonly RunEvent[] }[];
  /** `false`: some of its events are not here. */
  readonly isWhole: boolean;
  /** Number of its last event. */
  readonly seq: number;
}

/** What is masked of one run: its payloads by where values stand in them, its texts by the values that were found so. */
export class RunMask {
  readonly workflow: string;
  readonly #rules: MaskRules;
  readonly #readable: (json: string) => string;
  /** Something that may be personal is in what can't be read here, and may be quoted elsewhere. */
  #hasUnread = false;
  #secrets = new Secrets();
  readonly #jobTypes = new Map<string, string>();
  #steps: RunRecord["steps"] = [];
  #looked = 0;
  #isWhole = false;
  #hasMasked = false;
  #seq = 0;

  /** @param readable a payload as it was before it was encrypted, where that can be told */
  constructor(rules: MaskRules, workflow: string, readable: (json: string) => string = (json) => json) {
    this.#rules = rules;
    this.#readable = readable;
    this.workflow = workflow;
  }

  /** Whether it knows all that the run has said up to the event of this number. */
  knows(seq: number): boolean {
    return this.#isWhole && this.#seq >= seq;
  }

  get secrets(): Secrets {
    return this.#isWhole && !this.#hasUnread ? this.#secrets : Secrets.everything();
  }

  take({ steps, isWhole, seq }: RunRecord): void {
    // Its events have left since it was looked at: it knows more than is here.
    if (!isWhole && this.knows(seq)) return;
    if (steps !== this.#steps || steps.length < this.#looked) {
      this.#steps = steps;
      this.#looked = 0;
      this.#secrets = new Secrets();
      this.#hasUnread = false;
    }
    for (const { events } of steps.slice(this.#looked)) for (const event of events) this.#look(event);
    this.#looked = steps.length;
    this.#seq = seq;
    this.#isWhole = isWhole;
  }

  /** Whether nothing of the run was ever here: there may be no such run. */
  get isUnknown(): boolean {
    return this.workflow === "";
  }

  /** Whether something of the run is masked, as far as is known. */
  get hasMasked(): boolean {
    return this.#hasMasked || !this.#isWhole;
  }

  jobType(jobId: string): string | undefined {
    return this.#jobTypes.get(jobId);
  }

  /** JSON text as it is shown. */
  payload(json: string, of: PayloadOf): string {
    // It holds what became of other runs, whose values are not known here.
    if (isBuiltIn(this.workflow)) return maskedJson;
    const readable = this.#readable(json);
    return isEncrypted(readable)
      ? readable
      : maskJson(readable, this.#rules.in(this.workflow, of), this.secrets);
  }

  text(text: string): string {
    const shown = withoutInputDigests(text);
    return isBuiltIn(this.workflow) ? shown : this.secrets.hide(shown);
  }

  #look(event: RunEvent): void {
    switch (event.type) {
      case "RunStarted":
        this.#collect(event.input, { of: "input" });
        break;
      case "RunCompleted":
        this.#collect(event.output, { of: "output" });
        break;
      case "JobScheduled":
        this.#jobTypes.set(event.jobId, event.jobType);
        this.#collect(event.input, { of: "jobInput", jobType: event.jobType });
        break;
      case "CompensationRegistered":
        this.#collect(event.input, { of: "jobInput", jobType: event.jobType });
        break;
      case "JobRetried":
        if (event.input !== undefined) this.#collect(event.input, this.#ofJob("jobInput", event.jobId));
        break;
      case "JobCompleted":
        this.#collect(event.output, this.#ofJob("jobOutput", event.jobId));
        break;
      case "SignalReceived":
        this.#collect(event.payload, { of: "signal", name: event.name });
        break;
      case "AttemptHeartbeat":
        if (event.details !== undefined) this.#collect(event.details, this.#details(event.jobId));
        break;
      default:
    }
    if ("failure" in event && event.failure !== undefined)
      this.#lookAtFailure(event.failure, this.#details("jobId" in event ? event.jobId : undefined));
  }

  #lookAtFailure(failure: Failure, of: PayloadOf): void {
    const told = failure.details === undefined ? undefined : toldErrorOf(failure.details, this.#readable);
    const { details, causes = [] } = told ?? failure;
    for (const each of [details, ...causes.map((cause) => cause.details)])
      if (each !== undefined) this.#collect(each, of);
  }

  #ofJob(of: "jobInput" | "jobOutput", jobId: string): PayloadOf {
    return { of, jobType: this.#jobTypes.get(jobId) };
  }

  #details(jobId: string | undefined): PayloadOf {
    return { of: "details", jobType: jobId === undefined ? undefined : this.#jobTypes.get(jobId) };
  }

  #collect(json: string, of: PayloadOf): void {
    const paths = this.#rules.in(this.workflow, of);
    if (paths.isEmpty) return;
    const readable = this.#readable(json);
    if (isEncrypted(readable)) {
      this.#hasMasked = true;
      this.#hasUnread = true;
      return;
    }
    for (const value of meantValues(readable, paths)) {
      this.#hasMasked = true;
      this.#secrets.add(value);
    }
  }
}
