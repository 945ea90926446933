import { LogError } from "@downbeat/message-log";
import {
  type AdminAnswer,
  AdminClient,
  type AdminOptions,
  failure,
  TopicAdmin,
} from "@downbeat/pulsar/admin";
import type { Namespace } from "@downbeat/wire";
import type { z } from "zod";

/** Why a question has no answer: the credentials don't reach, or the broker has it switched off. */
type Unseen = "refused" | "off";

export type Glimpse<T> = { readonly value: T | undefined } | Unseen;

/** What the admin API says and takes, with its answers checked. Throws `LogError`. */
export class Cluster {
  readonly url: string;
  readonly #options: AdminOptions;
  readonly #admin: AdminClient;
  readonly #onNotice: (notice: string) => void;
  readonly #topics: TopicAdmin[] = [];

  constructor(options: AdminOptions, onNotice: (notice: string) => void = () => {}) {
    this.url = options.url;
    this.#options = options;
    this.#admin = new AdminClient(options);
    this.#onNotice = onNotice;
  }

  topicsOf(namespace: Namespace): TopicAdmin {
    const topics = new TopicAdmin(this.#options, namespace, this.#onNotice);
    this.#topics.push(topics);
    return topics;
  }

  /** `undefined` where there is nothing, or nothing is set. */
  async read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    return this.#parsed(schema, await this.#admin.request("GET", path));
  }

  /** As `read`, for what a cluster may keep to itself. */
  async glimpse<T>(path: string, schema: z.ZodType<T>): Promise<Glimpse<T>> {
    const answer = await this.#admin.request("GET", path);
    const { status } = answer;
    if (status === 401 || status === 403) return "refused";
    if (status === 405) return "off";
    return { value: this.#parsed(schema, answer) };
  }

  async write(method: "PUT" | "POST" | "DELETE", path: string, body?: unknown): Promise<void> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#admin.request(method, path, text);
    if (answer.status < 200 || answer.status >= 300) throw failure(answer);
  }

  /** Somebody else may have made it in the meantime, and be at work with it: of a subscription that is being opened a broker says "busy". */
  async create(path: string, body?: unknown): Promise<void> {
    await this.write("PUT", path, body).catch((error: unknown) => {
      const isThere =
        error instanceof LogError &&
        (error.code === "conflict" || /subscription (is )?busy/i.test(error.message));
      if (!isThere) throw error;
    });
  }

  close(): void {
    this.#admin.close();
    for (const topics of this.#topics) topics.close();
  }

  #parsed<T>(schema: z.ZodType<T>, answer: AdminAnswer): T | undefined {
    const { status, body, request } = answer;
    if (status === 404 || (status >= 200 && status < 300 && body.trim() === "")) return undefined;
    if (status !== 200) throw failure(answer);
    const { data, error } = schema.safeParse(json(body));
    if (error === undefined) return data;
    throw new LogError("unavailable", `${request}: the answer has an unknown form.`, { cause: error });
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Some answers are plain text.
    return body;
  }
}
