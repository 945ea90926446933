import { LogError, type LogErrorCode } from "@downbeat/message-log";

/** What an HTTP status of the WebSocket or admin endpoint means to the caller. */
export function errorOfStatus(status: number, doing: string, body: string): LogError {
  const detail = readableBody(body);
  return new LogError(
    codeOf(status, detail),
    `${doing}: the log answered ${status}${detail === "" ? "" : ` (${detail})`}.`,
  );
}

function codeOf(status: number, detail: string): LogErrorCode {
  switch (status) {
    case 404:
      return "missing";
    case 400:
    case 405:
    case 412:
      return "invalid";
    case 401:
    case 403:
      return "unauthorized";
    case 409:
      return "conflict";
    case 413:
      return "tooLarge";
    default:
      return codeOfDetail(detail);
  }
}

/** A reader that can't be opened is answered 500, whatever the reason. */
function codeOfDetail(detail: string): LogErrorCode {
  if (/not found|does(n't| not) exist/i.test(detail)) return "missing";
  if (/not authorized|unauthorized|authentication|authorization/i.test(detail)) return "unauthorized";
  return "unavailable";
}

// A broker answers with an HTML page, its admin API with {"reason": …}, the embedded log with plain text.
function readableBody(body: string): string {
  const plain = body.replaceAll("&quot;", '"');
  const reason = /"(?:reason|errorMsg)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(plain)?.[1];
  const text = reason ?? plain.replace(/<(style|head)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  return text
    .replace(/\\[nrt]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^\s*--- An unexpected error occurred in the server --- Message: /, "")
    .replace(/ Stacktrace: .*/, "")
    .replace(/\.\s*$/, "")
    .trim()
    .slice(0, 300);
}
