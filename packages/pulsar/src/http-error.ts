import { LogError, type LogErrorCode } from "@downbeat/message-log";

/** What an HTTP status of the WebSocket or admin endpoint means to the caller. */
export function errorOfStatus(status: number, doing: string, body: string): LogError {
  const detail = readableBody(body);
  return new LogError(
    codeOfStatus(status),
    `${doing}: the log answered ${status}${detail === "" ? "" : ` (${detail})`}.`,
  );
}

function codeOfStatus(status: number): LogErrorCode {
  switch (status) {
    case 400:
    case 404:
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
      return "unavailable";
  }
}

// A broker answers with an HTML page, its admin API with {"reason": …}, the embedded log with plain text.
function readableBody(body: string): string {
  const reason = /"reason"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  const text = reason ?? body.replace(/<(style|head)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  return text
    .replace(/\s+/g, " ")
    .replace(/\.\s*$/, "")
    .trim()
    .slice(0, 300);
}
