import { LogError, type LogErrorCode } from "@downbeat/message-log";
import { refusalSentence } from "./refusal.ts";
import type { Shown } from "./sign-in.ts";

/** What an HTTP status of the WebSocket or admin endpoint means to the caller. */
export function errorOfStatus(
  status: number,
  doing: string,
  body: string,
  shown: Shown,
  now: number = Date.now(),
): LogError {
  const detail = readableBody(body);
  const code = codeOf(status, detail);
  if (code === "unauthorized")
    return new LogError(code, `${doing}: ${refusalSentence(status, detail, shown, now)}`);
  return new LogError(code, `${doing}: the log answered ${status}${detail === "" ? "" : ` (${detail})`}.`);
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
  return (reason ?? messageOfPage(plain) ?? withoutTags(plain))
    .replace(/\\[nrt]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^\s*--- An unexpected error occurred in the server --- Message: /, "")
    .replace(/ Stacktrace: .*/, "")
    .replace(/\.\s*$/, "")
    .trim()
    .slice(0, 600);
}

/** The broker's own pages have one line that says it, and much else. */
function messageOfPage(page: string): string | undefined {
  const found = /<th>MESSAGE:<\/th>\s*<td>([\s\S]*?)<\/td>/i.exec(page)?.[1];
  return found === undefined ? undefined : withoutTags(found);
}

function withoutTags(page: string): string {
  return page.replace(/<(style|head)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
}
