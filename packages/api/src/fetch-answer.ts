/** Not from the API, which answers in JSON whatever goes wrong: from a server in front of it. */
export class PlainAnswer extends Error {
  override readonly name = "PlainAnswer";
  readonly status: number;
  /** ms; when it may be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** As whoever refused says it, in plain text. */
  readonly sentence: string | undefined;

  constructor(status: number, retryAfterMs?: number, sentence?: string) {
    super(`HTTP ${status}`);
    this.status = status;
    this.sentence = sentence;
    this.retryAfterMs = retryAfterMs;
  }
}

interface Init extends Omit<RequestInit, "signal"> {
  readonly signal?: AbortSignal | null | undefined;
}

/** As `fetch`; an answer that the API did not give keeps its status on the way to whoever asked. */
export async function fetchAnswer(
  url: URL | string | Request,
  { signal = null, ...init }: Init = {},
): Promise<Response> {
  const response = await fetch(url, { ...init, signal });
  const isOfApi = response.headers.get("content-type")?.includes("json") === true;
  if (!response.ok && !isOfApi)
    throw new PlainAnswer(response.status, retryAfterMs(response), await sentenceOf(response));
  return response;
}

/** RFC 9110, 10.2.3; only seconds, no dates: two clocks would have to agree. */
function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

const longestSentence = 300;

/** Of a page of HTML there is nothing to quote. */
async function sentenceOf(response: Response): Promise<string | undefined> {
  if (response.headers.get("content-type")?.startsWith("text/plain") !== true) return undefined;
  const text = (await response.text().catch(() => "")).trim();
  return text === "" || text.length > longestSentence || text.includes("\n") ? undefined : text;
}
