import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer of the server; a query is a row of them. */
export interface FakePage {
  readonly state?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly unknown[];
  /** In place of `data`: JSON as it stands, for numbers that JavaScript can't write. */
  readonly rawData?: string;
  readonly error?: object;
  readonly stats?: object;
  /** In place of the server's own address. */
  readonly nextOrigin?: string;
  /** In place of an answer. */
  readonly status?: number;
  /** Answered only when the query is killed. */
  readonly isHeld?: boolean;
}

export interface FakeQuery {
  readonly id: string;
  /** As it would be carried out, with what was prepared in its place. */
  readonly text: string;
  /** After USING. */
  readonly values: string;
  readonly headers: IncomingMessage["headers"];
}

/** Speaks as much of Trino's protocol as a client needs, and remembers what it was asked. */
export class FakeTrino {
  readonly queries: FakeQuery[] = [];
  readonly killed: string[] = [];
  /** Names that the requests for pages said. */
  readonly users = new Set<string | undefined>();
  #held = new Map<string, () => void>();
  readonly #pages = new Map<string, readonly FakePage[]>();
  readonly #answer: (query: FakeQuery) => readonly FakePage[];
  readonly #server: Server;

  constructor(answer: (query: FakeQuery) => readonly FakePage[]) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Queries that neither came to their end nor were killed. */
  get running(): number {
    return this.#pages.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (request.method === "POST") return this.#send(response, this.#begin(request, body), 0);
    const [, , , id = "", page = "0"] = path.split("/");
    if (request.method === "DELETE") {
      this.killed.push(id);
      this.#pages.delete(id);
      this.#held.get(id)?.();
      response.writeHead(204).end();
      return;
    }
    this.users.add(request.headers["x-trino-user"]?.toString());
    this.#send(response, id, Number(page));
  }

  #begin({ headers }: IncomingMessage, body: string): string {
    const id = `q${this.queries.length + 1}`;
    const prepared = headers["x-trino-prepared-statement"]?.toString().replace(/^query0=/, "");
    const [, values = ""] = /^EXECUTE query0(?: USING ([\s\S]*))?$/.exec(body) ?? [];
    const text = prepared === undefined ? body : decodeURIComponent(prepared);
    const query = { id, text, values, headers };
    this.queries.push(query);
    this.#pages.set(id, this.#answer(query));
    return id;
  }

  #send(response: ServerResponse, id: string, index: number): void {
    const pages = this.#pages.get(id) ?? [];
    const page = pages[index];
    if (page === undefined) {
      response.writeHead(410).end();
      return;
    }
    if (page.isHeld) {
      this.#held.set(id, () => this.#write(response, id, index, { error: killedError }, false));
      return;
    }
    if (page.status !== undefined) {
      response.writeHead(page.status, { location: "http://127.0.0.1:9/elsewhere" }).end("no");
      return;
    }
    this.#write(response, id, index, page, index + 1 < pages.length);
  }

  #write(response: ServerResponse, id: string, index: number, page: FakePage, hasNext: boolean): void {
    if (!hasNext) this.#pages.delete(id);
    const { columns, data, rawData, error, stats, state, nextOrigin } = page;
    const answer = {
      id,
      infoUri: `${this.url}/ui`,
      ...(hasNext && { nextUri: `${nextOrigin ?? this.url}/v1/statement/${id}/${index + 1}` }),
      ...(columns !== undefined && { columns }),
      ...(data !== undefined && { data }),
      ...(rawData !== undefined && { data: "RAW" }),
      ...(error !== undefined && { error }),
      stats: { state: state ?? (hasNext ? "RUNNING" : "FINISHED"), ...stats },
    };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer).replace('"RAW"', rawData ?? ""));
  }
}

const killedError = { message: "Query was canceled", errorName: "USER_CANCELED", errorType: "USER_ERROR" };

/** A query with one page of rows. */
export function answering(
  columns: readonly (readonly [name: string, type: string])[],
  data: readonly unknown[],
): FakePage[] {
  return [
    { state: "QUEUED" },
    { columns: columns.map(([name, type]) => ({ name, type })), data },
    { state: "FINISHED" },
  ];
}

/** A query that fails. */
export function failing(errorName: string, message: string, more: object = {}): FakePage[] {
  return [
    { state: "QUEUED" },
    { state: "FAILED", error: { errorName, message, errorType: "USER_ERROR", ...more } },
  ];
}
