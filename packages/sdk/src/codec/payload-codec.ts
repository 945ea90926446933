import type { Payload } from "@downbeat/domain";

/** What somebody says of the labels that a run was started with; `null`: it has none of that name. */
export type SaidLabels = Readonly<Record<string, string | null>>;

export interface KnownLabels {
  /** Of the run, as it was started, as far as they are known. */
  readonly labels?: SaidLabels | undefined;
  /** The run has no others: this process starts or started it. */
  readonly hasAllLabels?: boolean | undefined;
}

/** What is known of a payload that is to be encrypted. */
export interface PayloadAbout extends KnownLabels {
  readonly runId: string;
  /** The run is started with it. */
  readonly isStart?: boolean | undefined;
  /** Another payload of the run, as it is in the log; of one that is encrypted perhaps no more than its algorithm and key. */
  readonly like?: Payload | undefined;
  /** 1: by the key before the one that encrypts; 2: by the one before that; and so on. Asked for when a start may have been sent before the key was changed. */
  readonly older?: number | undefined;
  /** It is the message and the stack of an error. */
  readonly of?: "error" | undefined;
}

/**
 * Encrypts payloads before they leave the process, and decrypts them where they arrive: what is given and taken are JSON texts. `aesCodec()` makes one; your own
 * writes what it encrypts as `encryptedPayload()` does.
 *
 * Whoever can't encrypt or decrypt throws: `UnreadablePayload` where it will be no different the next time, such as a key that was erased; anything else is tried again.
 */
export interface PayloadCodec {
  encode(payload: Payload, about: PayloadAbout): Payload | Promise<Payload>;
  /** Never given what isn't encrypted. */
  decode(payload: Payload): Payload | Promise<Payload>;
  /** Whether messages and stacks of errors are encrypted as well. Default `readable`. Details always are. */
  readonly errors?: "readable" | "encrypted" | undefined;
}
