import { type Position, parsePosition, position } from "@downbeat/message-log";

/*
 * A message id on the wire is base64 of Pulsar's protobuf `MessageIdData`: ledgerId = 1, entryId = 2, partition = 3,
 * batch_index = 4, all varints; further fields (batch size, ack set) matter to the broker only and are skipped.
 */
const ledgerTag = 0x08;
const entryTag = 0x10;
const partitionTag = 0x18;
const batchIndexTag = 0x20;

/** Receipt of a message that deduplication dropped: ledger and entry are -1. */
export const duplicate = Symbol("duplicate");

/**
 * Names the position for a reader to start after. The partition is left out: a position belongs to one topic, and the
 * session says which. To acknowledge, send back the id that was received: it may hold more than a position does.
 */
export function messageIdOf(at: Position): string {
  const { ledger, entry, batchIndex } = parsePosition(at);
  return encodeMessageId(ledger, entry, batchIndex);
}

export function encodeMessageId(ledger: number, entry: number, batchIndex: number): string {
  const bytes = Buffer.allocUnsafe(32);
  bytes[0] = ledgerTag;
  let at = writeVarint(bytes, 1, ledger);
  bytes[at] = entryTag;
  at = writeVarint(bytes, at + 1, entry);
  if (batchIndex >= 0) {
    bytes[at] = batchIndexTag;
    at = writeVarint(bytes, at + 1, batchIndex);
  }
  return bytes.toString("base64", 0, at);
}

/** Throws a `RangeError` when the text is not a message id. */
export function positionOf(messageId: string): Position | typeof duplicate {
  const bytes = Buffer.from(messageId, "base64");
  let ledger: number | undefined;
  let entry: number | undefined;
  let batchIndex = -1;
  const reader = new VarintReader(bytes, messageId);
  while (!reader.done) {
    const tag = reader.varint();
    switch (tag) {
      case ledgerTag:
        ledger = reader.varint();
        break;
      case entryTag:
        entry = reader.varint();
        break;
      case batchIndexTag:
        batchIndex = reader.varint();
        break;
      case partitionTag:
        reader.varint();
        break;
      default:
        reader.skip(tag & 7);
    }
  }
  if (ledger === undefined || entry === undefined) throw reader.malformed();
  if (ledger < 0 && entry < 0) return duplicate;
  if (ledger < 0 || entry < 0) throw reader.malformed();
  return position(ledger, entry, Math.max(batchIndex, -1));
}

function writeVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest >= 0x80) {
    target[next++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[next++] = rest;
  return next;
}

class VarintReader {
  readonly #bytes: Buffer;
  readonly #source: string;
  #at = 0;

  constructor(bytes: Buffer, source: string) {
    this.#bytes = bytes;
    this.#source = source;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** -1 for a negative number: Pulsar writes -1 as ten bytes of two's complement, and uses no other. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 1; length <= 10; length++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte >= 0x80) continue;
      if (length === 10) return -1;
      if (!Number.isSafeInteger(value)) break;
      return value;
    }
    throw this.malformed();
  }

  skip(wireType: number): void {
    // Read first: `this.#at += this.varint()` would add to the place before the length.
    const length = wireType === 0 || wireType === 2 ? this.varint() : 0;
    if (wireType === 0) return;
    if (wireType === 1) this.#at += 8;
    else if (wireType === 2 && length >= 0) this.#at += length;
    else if (wireType === 5) this.#at += 4;
    else throw this.malformed();
  }

  malformed(): RangeError {
    return new RangeError(`Not a message id: ${JSON.stringify(this.#source.slice(0, 100))}`);
  }
}
