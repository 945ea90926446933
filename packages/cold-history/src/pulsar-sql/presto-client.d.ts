/** The part of presto-client that is used; it comes without types. */
declare module "presto-client" {
  import type { ClientRequest } from "node:http";

  export interface ClientOptions {
    readonly engine: "trino";
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly source: string;
    readonly catalog: string;
    readonly schema: string;
    /** An object turns TLS on. */
    readonly ssl?: { readonly ca?: string | Buffer; readonly rejectUnauthorized?: boolean };
    readonly basic_auth?: { readonly user: string; readonly password: string };
    readonly custom_auth?: string;
    /** Wait between two pages, ms. */
    readonly checkInterval: number;
    readonly enableVerboseStateCallback: boolean;
    readonly jsonParser: { parse(text: string): unknown };
    /** Seconds; 0 for none. */
    readonly timeout: number;
  }

  export interface RequestTarget {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly user?: string;
    /** Of follow-redirects, which carries the requests. */
    readonly followRedirects?: boolean;
  }

  export type RequestCallback = (error: unknown, status?: number, data?: unknown) => void;

  export interface ExecuteOptions {
    readonly query: string;
    /** Texts of the prepared statements query0, query1, … */
    readonly prepares?: readonly string[];
    readonly headers?: Readonly<Record<string, string>>;
    readonly cancel: () => boolean;
    readonly state: (error: null, queryId: unknown, stats: unknown) => void;
    readonly columns: (error: null, columns: unknown) => void;
    readonly data: (error: null, rows: unknown) => void;
    readonly success: (error: null, stats: unknown) => void;
    readonly error: (error: unknown) => void;
  }

  class Client {
    constructor(options: ClientOptions);
    execute(options: ExecuteOptions): void;
    kill(queryId: string, callback: (error: unknown) => void): void;
    /** Every request goes through it, `nextUri` as a text. */
    request(target: string | RequestTarget, callback: RequestCallback): ClientRequest | undefined;
  }

  const presto: { readonly Client: typeof Client };
  export default presto;
}
