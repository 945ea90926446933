import type { DecisionService } from "@downbeat/protocol";
import { EncryptedSession } from "../codec/encrypted-session.ts";
import { Payloads } from "../codec/payloads.ts";

/** Has a run stuck, with the reason, whose payloads are encrypted: code that is given an envelope would take it for a value. */
export function withoutCodec(service: DecisionService): DecisionService {
  return {
    checkStart: (workflow, input) => service.checkStart(workflow, input),
    openSession: () => new EncryptedSession(service.openSession(), new Payloads(undefined)),
  };
}
