import http from "node:http";
import https from "node:https";
import { LogError } from "@downbeat/message-log";
import { whyNoConnection } from "./connect-error.ts";
import { type CredentialOptions, readCredentials } from "./credentials.ts";
import { errorOfStatus } from "./http-error.ts";

export interface AdminOptions extends CredentialOptions {
  readonly url: string;
  readonly ca?: string;
}

export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

const timeoutMs = 15_000;

/** Pulsar's admin API over HTTP. */
export class AdminClient {
  readonly #options: AdminOptions;
  readonly #agent: http.Agent;

  constructor(options: AdminOptions) {
    this.#options = options;
    this.#agent = options.url.startsWith("https:")
      ? new https.Agent({
          keepAlive: true,
          ...(options.ca === undefined ? {} : { ca: options.ca }),
        })
      : new http.Agent({ keepAlive: true });
  }

  /** The parsed answer, `undefined` on 404. */
  async get(path: string): Promise<unknown> {
    const { status, body } = await this.request("GET", path);
    if (status === 404) return undefined;
    if (status !== 200) throw errorOfStatus(status, `GET ${path}`, body);
    try {
      return JSON.parse(body);
    } catch (error) {
      throw new LogError("unavailable", `GET ${path}: the answer is not JSON: ${body.slice(0, 200)}`, {
        cause: error,
      });
    }
  }

  async request(method: string, path: string, body?: string): Promise<AdminAnswer> {
    const { url } = this.#options;
    const { headers } = await readCredentials(this.#options);
    const { request } = url.startsWith("https:") ? https : http;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) =>
        reject(
          new LogError(
            "unavailable",
            `${method} ${path}: no answer from the log (${whyNoConnection(error)}).`,
            {
              cause: error,
            },
          ),
        );
      const sent = request(
        new URL(`/admin/v2/${path}`, url),
        {
          method,
          agent: this.#agent,
          timeout: timeoutMs,
          headers: { ...headers, "content-type": "application/json" },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
          response.on("error", failed);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)));
      sent.on("error", failed);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
