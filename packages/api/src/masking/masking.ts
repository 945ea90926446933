import { isEncrypted, type RunEvent } from "@downbeat/domain";
import type { ReadModel } from "@downbeat/read-model";
import type { Announcements } from "../announcements/announcements.ts";
import { ApiError } from "../api-error.ts";
import { type Masks, maskedAnswer } from "./mask-answer.ts";
import { isJson, maskJson, meantValues } from "./mask-json.ts";
import { type MaskRule, MaskRules, type PayloadOf } from "./mask-rules.ts";
import { tableMasked } from "./mask-table.ts";
import { restored } from "./restored.ts";
import { RunMask } from "./run-mask.ts";
import { RunPayloads } from "./run-payloads.ts";
import { Secrets } from "./secrets.ts";

interface Parts {
  readonly readModel: Pick<ReadModel, "record" | "attentionPlaces" | "listRuns">;
  readonly announcements: Pick<Announcements, "personal">;
  /** What an admin declared. */
  readonly rules?: readonly MaskRule[] | undefined;
  /** Default: this server has no keys. */
  readonly payloads?: RunPayloads;
}

/** As it is in a run, before it was edited. */
export interface EditedPayload {
  readonly runId: string;
  readonly json: string;
  readonly of: PayloadOf;
}

/** Runs whose masks are kept. */
const mostRuns = 2_000;
/** Items of a cause that are looked at: its message is that of the oldest one. */
const itemsOfCause = 5;
/** Runs with a label that are looked at, the newest. */
const runsOfLabel = 3;

/** Nobody knows yet what authors have declared: everything that could be personal is masked. */
const notKnown = new MaskRules([{ workflow: "*", of: "everything", paths: [["**"]] }]);

/** Which runs are shown as they are: those that somebody had revealed to them. */
export type Revealed = (runId: string) => boolean;

const nothing: Revealed = () => false;

/** What is personal in one namespace, and what is shown instead: everything that leaves the server comes through here. */
export class Masking {
  readonly payloads: RunPayloads;
  readonly #parts: Parts;
  readonly #runs = new Map<string, RunMask>();
  #rules = MaskRules.none;
  #of: unknown;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.payloads = parts.payloads ?? new RunPayloads(undefined);
  }

  /** Waits for what authors declare, where it isn't known. */
  async ready(): Promise<void> {
    await this.#parts.announcements.personal.known();
  }

  /**
   * An answer as it is shown.
   *
   * @param runId what the answer is about where it doesn't say so
   */
  shown<T>(
    answer: T,
    { runId, revealed = nothing }: { runId?: string | undefined; revealed?: Revealed } = {},
  ): T {
    if (this.#current().isEmpty && !this.payloads.hasKeys) return answer;
    return maskedAnswer(answer, this.#masks(revealed), runId);
  }

  /** Events of a run as everybody sees them. */
  events(runId: string, events: readonly RunEvent[]): readonly RunEvent[] {
    return this.shown(events, { runId });
  }

  /** What came into the log and can't be used: its text, and why, which may quote it. */
  message({ text, reason }: { readonly text: string; readonly reason: string }) {
    const rules = this.#current();
    if (rules.isEmpty) return { text, reason };
    const paths = rules.within();
    const secrets = isJson(text) ? new Secrets() : Secrets.everything();
    for (const value of meantValues(text, paths)) secrets.add(value);
    const shown = isJson(text) ? maskJson(text, paths, secrets) : secrets.hide(text);
    return { text: shown, reason: secrets.hide(reason) };
  }

  /** Such a text that somebody edited as it was shown. @throws ApiError as {@link restored} */
  restoredMessage(edited: string, text: string): string {
    if (this.#current().isEmpty || edited === text) return edited;
    const shown = this.message({ text, reason: "" }).text;
    return edited === shown ? text : restoredOf(edited, shown, text);
  }

  /** Rows that people's own SQL gave: of what text they are nobody can know. */
  table<
    T extends {
      readonly columns: readonly { readonly name: string }[];
      readonly rows: readonly (readonly unknown[])[];
    },
  >(table: T): T {
    return this.#current().isEmpty ? table : { ...table, rows: tableMasked(table, this.#masks(nothing)) };
  }

  /** Whether a number at this path (`input.price.cents`, `run.…`, `output.…`) may be personal. */
  masksAmount(path: string): boolean {
    const rules = this.#current();
    if (rules.isEmpty) return false;
    const paths = rules.anywhere();
    let places = paths.root;
    for (const name of path.split(".").slice(1)) {
      if (paths.isMeant(places)) return true;
      places = paths.either(paths.below(places, name), paths.below(places, undefined));
    }
    return paths.isMeant(places);
  }

  /** Whether the value of a label is masked in a run that has it. */
  masksLabel(key: string, value: string): boolean {
    if (this.#current().isEmpty) return false;
    const { runs } = this.#parts.readModel.listRuns({
      filter: { labels: { [key]: value } },
      limit: runsOfLabel,
    });
    return this.shown(runs).some(({ labels }, index) =>
      Object.entries(runs[index]?.labels ?? {}).some(
        ([name, own]) => own.toLowerCase() === value.toLowerCase() && labels[name] !== own,
      ),
    );
  }

  /** What a run of the workflow is started with, as it is shown to everybody. */
  startInput(workflow: string, json: string): string {
    const rules = this.#current();
    if (rules.isEmpty) return json;
    const paths = rules.in(workflow, { of: "input" });
    const secrets = new Secrets();
    for (const value of meantValues(json, paths)) secrets.add(value);
    return maskJson(json, paths, secrets);
  }

  /** Whether something of this run is masked. */
  masks(runId: string): boolean {
    return !this.#current().isEmpty && this.#maskOf(runId, undefined)?.hasMasked === true;
  }

  /**
   * A payload that somebody edited as it was shown to them: what was masked and left untouched is what it was.
   *
   * @throws ApiError where something masked stands where it wasn't
   */
  restored(edited: string, original: EditedPayload | undefined): string {
    if (this.#current().isEmpty) return edited;
    if (original === undefined) return restoredOf(edited, "{}", "{}");
    const { runId, of } = original;
    const json = this.payloads.readable(original.json);
    return restoredOf(edited, this.#maskOf(runId, undefined)?.payload(json, of) ?? json, json);
  }

  /** Whether a run of this workflow can have anything to mask. */
  mayMask(workflow: string): boolean {
    return this.#current().mayMask(workflow);
  }

  #current(): MaskRules {
    const { rules = [], announcements } = this.#parts;
    const declared = announcements.personal.rules();
    if (declared === this.#of) return this.#rules;
    this.#of = declared;
    this.#runs.clear();
    this.#rules = declared === undefined ? notKnown : new MaskRules([...declared, ...rules]);
    return this.#rules;
  }

  #masks(revealed: Revealed): Masks {
    return {
      of: (runId, seq) => (revealed(runId) ? undefined : this.#maskOf(runId, seq)),
      ofCause: (fingerprint) => this.#secretsOfCause(fingerprint),
      payload: (json, startOf) => {
        if (startOf !== undefined) return this.startInput(startOf, json);
        const readable = this.payloads.readable(json);
        const isShown = this.#rules.isEmpty || isEncrypted(readable);
        return isShown ? readable : maskJson(readable, this.#rules.anywhere(), Secrets.none);
      },
      readable: this.payloads.readable,
    };
  }

  #maskOf(runId: string, seq: number | undefined): RunMask | undefined {
    const known = this.#runs.get(runId);
    if (known !== undefined && seq !== undefined && known.knows(seq)) return known;
    const record = this.#parts.readModel.record(runId);
    const workflow = record?.workflow ?? known?.workflow ?? "";
    // Of a run that isn't here nobody knows what is personal in its texts.
    if (record !== undefined && !this.#rules.mayMask(workflow)) return undefined;
    const mask = known ?? new RunMask(this.#rules, workflow, this.payloads.readable);
    if (record !== undefined) mask.take(record);
    this.#runs.delete(runId);
    this.#runs.set(runId, mask);
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= mostRuns) break;
      this.#runs.delete(oldest);
    }
    return mask;
  }

  #secretsOfCause(fingerprint: string): Secrets {
    const { places } = this.#parts.readModel.attentionPlaces({ fingerprint, limit: itemsOfCause });
    const masks = places.map(({ runId }) => this.#maskOf(runId, undefined)?.secrets ?? Secrets.none);
    return Secrets.together(masks);
  }
}

function restoredOf(edited: string, shown: string, original: string): string {
  try {
    return restored(edited, shown, original);
  } catch (error) {
    throw new ApiError("badInput", (error as Error).message, { cause: error });
  }
}
