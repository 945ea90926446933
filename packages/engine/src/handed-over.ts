import { type AnyRunCommand, openJob, type Payload, type RunState } from "@downbeat/domain";
import { offered } from "./offered.ts";

/** What comes from outside for code that lives in workers, and is checked by what they have announced of it. */
export type HandedOver =
  | { readonly type: "start"; readonly workflow: string; readonly value: Payload }
  | { readonly type: "signal"; readonly workflow: string; readonly name: string; readonly value: Payload }
  | {
      readonly type: "jobInput" | "jobOutput";
      readonly jobType: string;
      readonly jobId: string;
      readonly value: Payload;
    };

export function handedOver(state: RunState, command: AnyRunCommand): HandedOver | undefined {
  const offer = offered(command);
  if (offer === undefined || state.status !== "running") return undefined;
  if (offer.type === "signal") {
    return { type: "signal", workflow: state.workflow, name: offer.name, value: offer.payload };
  }
  const jobType = openJob(state, offer.jobId)?.jobType;
  if (jobType === undefined) return undefined;
  const { type, jobId } = offer;
  return { type, jobType, jobId, value: type === "jobInput" ? offer.input : offer.output };
}

/** The beginning of the sentence that says that it doesn't fit, as workflow code in the engine's own process says it. */
export function misfitWords(handed: HandedOver): string {
  switch (handed.type) {
    case "start":
      return `The input does not fit ${handed.workflow}.`;
    case "signal":
      return `The payload does not fit the signal ${handed.name}.`;
    case "jobInput":
      return `The input of ${handed.jobType} (${handed.jobId}) does not fit its schema.`;
    case "jobOutput":
      return `The output of ${handed.jobType} (${handed.jobId}) does not fit its schema.`;
  }
}
