import type { Agent } from "node:http";
import { LogError } from "@downbeat/message-log";
import { noConnection } from "./connect-error.ts";
import { errorOfStatus } from "./http-error.ts";
import { type Shown, type SignInOptions, signIn } from "./sign-in.ts";

export interface AdminOptions extends SignInOptions {
  readonly url: string;
}

export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
  /** What was asked, and how whoever asked signed in. */
  readonly request: string;
  readonly shown: Shown;
}

const timeoutMs = 15_000;

/** An import would bring along all that `node:http` has, its WebSocket among it: 20 ms of the start of each client and worker. */
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** Pulsar's admin API over HTTP. */
export class AdminClient {
  readonly #options: AdminOptions;
  readonly #agent: Agent;

  constructor(options: AdminOptions) {
    this.#options = options;
    this.#agent = options.url.startsWith("https:")
      ? new https.Agent({ keepAlive: true })
      : new http.Agent({ keepAlive: true });
  }

  /**
   * The parsed answer, `undefined` on 404.
   *
   * @throws LogError where another program answers 404, such as the dashboard, whose port was mistaken for the log's
   */
  async get(path: string): Promise<unknown> {
    const answer = await this.request("GET", path);
    if (answer.status === 404) {
      if (isOfAnotherProgram(answer.body))
        throw new LogError(
          "unavailable",
          `What answers at ${new URL(this.#options.url).host} is no log: it knows nothing of /admin/v2/${path}. Give the address of a Pulsar broker, or of Downbeat's own log, whose port is 8080 unless it was told another.`,
        );
      return undefined;
    }
    if (answer.status !== 200) throw failure(answer);
    const { body } = answer;
    try {
      return JSON.parse(body);
    } catch (error) {
      throw new LogError("unavailable", `GET ${path}: the answer is not JSON: ${body.slice(0, 200)}`, {
        cause: error,
      });
    }
  }

  async request(method: string, path: string, body?: string): Promise<AdminAnswer> {
    return this.#send(method, path, body, method === "GET");
  }

  /** @param mayRepeat a connection that was kept may end at the other side while the request is on its way; it is sent once more then */
  async #send(
    method: string,
    path: string,
    body: string | undefined,
    mayRepeat: boolean,
  ): Promise<AdminAnswer> {
    const { url } = this.#options;
    const doing = `${method} ${path}`;
    const shown = await signIn(this.#options, url);
    const { headers, tls } = shown;
    const { request } = url.startsWith("https:") ? https : http;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(noConnection(doing, "no answer from the log", error, shown));
      const sent = request(
        new URL(`/admin/v2/${path}`, url),
        {
          method,
          agent: this.#agent,
          ...tls,
          timeout: timeoutMs,
          headers: { ...headers, "content-type": "application/json" },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString(),
              request: doing,
              shown,
            }),
          );
          response.on("error", failed);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (mayRepeat && sent.reusedSocket && error.code === "ECONNRESET")
          this.#send(method, path, body, false).then(resolve, reject);
        else failed(error);
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A broker and the embedded log give a reason, in JSON; a proxy before them may give nothing. */
function isOfAnotherProgram(body: string): boolean {
  if (body.trim() === "") return false;
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer !== "object" || answer === null || !("reason" in answer);
  } catch {
    return true;
  }
}

/** What an answer of another status than was hoped for means. */
export function failure({ status, body, request, shown }: AdminAnswer, doing = request): LogError {
  return errorOfStatus(status, doing, body, shown);
}
