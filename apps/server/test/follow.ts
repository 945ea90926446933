import { get as httpGet } from "node:http";
import type { LiveChange } from "@downbeat/api/views";
import { onTestFinished } from "vitest";

/** Follows the live subscription as EventSource does. */
export function follow(
  url: string,
  input: object,
  namespace = "public/default",
): { changes: { id: string; data: LiveChange }[]; hasEnded(): boolean; close(): void } {
  const changes: { id: string; data: LiveChange }[] = [];
  let hasEnded = false;
  const request = httpGet(
    `${url}/trpc/${namespace}/live.changes?input=${encodeURIComponent(JSON.stringify(input))}`,
    { headers: { accept: "text/event-stream" } },
    (response) => {
      let text = "";
      response.on("error", () => {});
      response.on("close", () => {
        hasEnded = true;
      });
      response.on("data", (chunk) => {
        text += chunk;
        for (let end = text.indexOf("\n\n\n"); end >= 0; end = text.indexOf("\n\n\n")) {
          const message = text.slice(0, end);
          text = text.slice(end + 3);
          const id = /^id: (.*)$/m.exec(message)?.[1];
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (id !== undefined && data !== undefined) changes.push({ id, data: JSON.parse(data) });
        }
      });
    },
  );
  request.on("error", () => {});
  const close = () => void request.destroy();
  onTestFinished(close);
  return { changes, hasEnded: () => hasEnded, close };
}
