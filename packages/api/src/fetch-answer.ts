/** Not from the API, which answers in JSON whatever goes wrong: from a server in front of it. */
export class PlainAnswer extends Error {
  override readonly name = "PlainAnswer";
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
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
  if (!response.ok && !isOfApi) throw new PlainAnswer(response.status);
  return response;
}
