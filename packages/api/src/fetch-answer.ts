/** Not from the API, which answers in JSON whatever goes wrong: from a server in front of it. */
export class PlainAnswer extends Error {
  override readonly name = "PlainAnswer";
  readonly status: number;
  /** ms; when it may be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs?: number) {
    super(`HTTP ${status}`);
    this.status = status;
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
  if (!response.ok && !isOfApi) throw new PlainAnswer(response.status, retryAfterMs(response));
  return response;
}

/** RFC 9110, 10.2.3; only seconds, no dates: two clocks would have to agree. */
function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}
