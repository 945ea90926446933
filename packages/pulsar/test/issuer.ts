import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An OAuth issuer that describes itself, and answers as it is told to. */
export class Issuer {
  /** What clients sent for a token, with the Authorization header as `authorization`. */
  readonly asked: Record<string, string>[] = [];
  answer: () => Answer = () => ({ status: 500, body: {} });
  description: Answer | undefined;
  readonly #server: Server;

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await new Promise<void>((resolve) => issuer.#server.listen(0, "127.0.0.1", resolve));
    return issuer;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const body = await text(request);
      const send = ({ status, body }: Answer) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(typeof body === "string" ? body : JSON.stringify(body));
      };
      if (request.url === "/.well-known/openid-configuration")
        return send(
          this.description ?? {
            status: 200,
            body: { issuer: this.url, token_endpoint: `${this.url}/token` },
          },
        );
      this.asked.push({
        authorization: request.headers.authorization ?? "",
        ...Object.fromEntries(new URLSearchParams(body)),
      });
      send(this.answer());
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Gives this token from now on. */
  gives(token: string, seconds?: number): void {
    this.answer = () => ({
      status: 200,
      body: {
        access_token: token,
        token_type: "Bearer",
        ...(seconds !== undefined && { expires_in: seconds }),
      },
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
