/**
 * A user's value as JSON text. The engine carries it from workflow to worker without looking inside, so that it costs no
 * parsing on the way and comes out byte for byte as it went in.
 */
export type Payload = string;

/** Longest payload in UTF-16 code units. Bigger values belong in a store of their own, with a reference here. */
export const maxPayloadLength = 131_072;

/** Decisions of one input whose events hold more characters than this make the run stuck instead. Well under Pulsar's 1 MiB frame, base64 included. */
export const maxDecisionLength = 524_288;
