const patienceMs = 10_000;

/** @throws Error with a sentence, in which the address, which may be a secret, is not */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "Downbeat", ...headers },
      body,
      // Wherever it leads, nobody has said that it may be told.
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch (error) {
    throw new Error(`It could not be reached: ${reasonOf(error)}.`, { cause: error });
  }
  // Nobody reads it; left open, it would hold the connection.
  await response.body?.cancel();
  if (!response.ok) throw new Error(`It answered ${response.status}.`);
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === "TimeoutError") return `no answer within ${patienceMs / 1_000} s`;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? "the request failed";
}
