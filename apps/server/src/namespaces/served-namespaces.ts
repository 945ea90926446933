import type { MaskRule } from "@downbeat/api/masking";
import type { SecondPersonRule } from "@downbeat/domain";
import {
  formatNamespaceName,
  type KeepClosed,
  type LogAddress,
  type NamespaceName,
  type PayloadKeyFile,
} from "@downbeat/protocol";
import type { Flushed } from "@downbeat/read-model";
import type { Logger } from "pino";
import type { AlertConfig } from "../alerts/channel-config.ts";
import { ServedNamespace } from "./served-namespace.ts";

export interface ServedNamespacesOptions {
  /** One for each namespace; the first is the default. */
  readonly logs: readonly LogAddress[];
  readonly dataDir: string;
  readonly pulsarSql: string | undefined;
  readonly hotWindowMs: number;
  readonly keepClosed?: KeepClosed | undefined;
  readonly alerts: AlertConfig;
  /** What is personal there, besides what authors declare. */
  readonly maskedIn?: ((name: NamespaceName) => readonly MaskRule[]) | undefined;
  /** What needs a second person there. */
  readonly secondPersonIn?: ((name: NamespaceName) => SecondPersonRule | undefined) | undefined;
  readonly payloadKeys?: PayloadKeyFile | undefined;
  readonly logger: Logger;
  readonly onFlushed: (name: NamespaceName, flushed: Flushed) => void;
}

/** The namespaces that this server answers for, and no other. */
export class ServedNamespaces {
  readonly all: readonly ServedNamespace[];
  readonly #byName: ReadonlyMap<string, ServedNamespace>;

  /**
   * Opens all of them at once: each is complete when the first person looks, and says in readiness how it is.
   *
   * @throws Error with one sentence that says what to do
   */
  static async open({
    logs,
    onFlushed,
    maskedIn,
    secondPersonIn,
    ...options
  }: ServedNamespacesOptions): Promise<ServedNamespaces> {
    const opening = logs.map((log) =>
      ServedNamespace.open({
        ...options,
        log,
        masked: maskedIn?.(log),
        secondPerson: secondPersonIn?.(log),
        onFlushed: (flushed) => onFlushed(log, flushed),
      }),
    );
    return new ServedNamespaces(await Promise.all(opening));
  }

  private constructor(all: readonly ServedNamespace[]) {
    this.all = all;
    this.#byName = new Map(all.map((served) => [formatNamespaceName(served), served]));
  }

  find(name: NamespaceName): ServedNamespace | undefined {
    return this.#byName.get(formatNamespaceName(name));
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((served) => served.close()));
  }
}
