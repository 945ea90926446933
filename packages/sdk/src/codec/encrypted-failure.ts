import { encryptedOf, type Failure, maxPayloadBytes, type Payload, utf8Length } from "@downbeat/domain";
import { mostEncryptable, readToldError } from "@downbeat/protocol";

/** What the log takes of the details of a cause. */
const mostOfCause = 4_000;

type Encode = (payload: Payload, of?: "error") => Promise<Payload>;

/** Kind and name stay as they are: retries and the pages that group errors go by them. */
export async function encryptedFailure(failure: Failure, encode: Encode): Promise<Failure> {
  const { kind, name, timeout, message, stack, details, causes } = failure;
  const whole = { message, stack, details, causes };
  const fitting = [whole, { message, details }, { message }]
    .map((part) => JSON.stringify(part))
    .find((text) => utf8Length(text) <= mostEncryptable(maxPayloadBytes));
  const envelope = await encode(fitting ?? "{}", "error");
  return {
    kind,
    name,
    message: `Encrypted with key ${encryptedOf(envelope)?.key ?? ""}.`,
    details: envelope,
    ...(timeout !== undefined && { timeout }),
  };
}

export async function withEncryptedDetails(failure: Failure, encode: Encode): Promise<Failure> {
  const { details, causes, ...others } = failure;
  return {
    ...others,
    ...(details !== undefined && { details: await encode(details) }),
    ...(causes !== undefined && {
      causes: await Promise.all(
        causes.map(async ({ details: ofCause, ...cause }) => {
          const encoded = ofCause === undefined ? undefined : await encode(asJson(ofCause));
          // What doesn't fit is left out: it must not stay as it is.
          return encoded === undefined || encoded.length > mostOfCause
            ? cause
            : { ...cause, details: encoded };
        }),
      ),
    }),
  };
}

/** @param decode is given what is encrypted, and nothing else */
export async function decryptedFailure(
  failure: Failure,
  decode: (payload: Payload) => Promise<Payload>,
): Promise<Failure> {
  const { details, causes, ...others } = failure;
  const encrypted = details === undefined ? undefined : encryptedOf(details);
  if (details !== undefined && encrypted?.of === "error") {
    const said = readToldError(await decode(details));
    return said === undefined ? failure : { ...others, ...said };
  }
  return {
    ...others,
    ...(details !== undefined && { details: encrypted === undefined ? details : await decode(details) }),
    ...(causes !== undefined && {
      causes: await Promise.all(
        causes.map(async (cause) =>
          cause.details === undefined || encryptedOf(cause.details) === undefined
            ? cause
            : { ...cause, details: await decode(cause.details) },
        ),
      ),
    }),
  };
}

/** Details are cut where they are long, so they may be no JSON. */
function asJson(text: string): Payload {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
