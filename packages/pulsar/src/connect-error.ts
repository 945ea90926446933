/** In a few words, why there is no connection. Node's own are of several lines at times, and empty when an address has two places that don't answer. */
export function whyNoConnection(error: Error): string {
  if ("code" in error && error.code === "EPROTO")
    return "it doesn't speak TLS there: is it ws:// rather than wss://?";
  if (error.message !== "") return error.message.split("\n")[0] ?? "";
  return "code" in error ? String(error.code) : error.name;
}
