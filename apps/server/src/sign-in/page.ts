import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieOf } from "./cookies.ts";

/** A page of the server's own: it needs no script, and nothing that only people who are signed in may have. */
export interface Page {
  readonly status: number;
  readonly title: string;
  /** HTML: what people wrote stands in it as `escaped` only. */
  readonly body: string;
}

export function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  { status, title, body }: Page,
): void {
  const nonce = randomBytes(16).toString("base64");
  const theme = cookieOf(request, "theme");
  const chosen = theme === "light" || theme === "dark" ? ` data-theme="${theme}"` : "";
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  });
  response.end(`<!doctype html>
<html lang="en"${chosen}>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)} · Downbeat</title>
<style nonce="${nonce}">${styles}</style>
<main>
<p class="brand">${logo}Downbeat</p>
${body}
</main>
</html>
`);
}

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const logo = `<svg aria-hidden="true" width="20" height="20" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="currentColor"/><rect x="7" y="8" width="5" height="16" rx="2.5" fill="#fff"/><rect x="14.5" y="13" width="4" height="11" rx="2" fill="#fff" fill-opacity=".65"/><rect x="21" y="16" width="4" height="8" rx="2" fill="#fff" fill-opacity=".45"/></svg>`;

/** The dashboard's own colours and sizes. */
const styles = `
:root{color-scheme:light dark;--canvas:light-dark(#f6f7f9,#0d0f13);--surface:light-dark(#fff,#14171c);--line:light-dark(#e3e6eb,#262b34);--strong:light-dark(#8a92a0,#6b7483);--ink:light-dark(#14171d,#eaecf0);--ink-2:light-dark(#4b5260,#aeb5c1);--accent:light-dark(#3d4ed0,#97a3ff);--accent-strong:light-dark(#3342b8,#5464df);--stuck:light-dark(#c1211c,#ff8177);--stuck-soft:light-dark(#fdebea,#3b1a1a)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;background:var(--canvas);color:var(--ink);font:13px/20px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;display:grid;place-items:start center;padding:14vh 16px 32px}
main{width:100%;max-width:352px;background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:24px;overflow-wrap:anywhere}
.brand{display:flex;align-items:center;gap:8px;margin:0 0 20px;font-weight:600}
.brand svg{color:light-dark(#3342b8,#5464df)}
h1{font-size:19px;line-height:28px;font-weight:600;margin:0 0 8px}
p{margin:0 0 12px;color:var(--ink-2)}
p.brand{color:var(--ink)}
p.problem{color:var(--ink);background:var(--stuck-soft);border-left:3px solid var(--stuck);border-radius:4px;padding:6px 10px}
label{display:block;font-weight:600;margin:12px 0 4px}
input{width:100%;height:34px;padding:0 10px;font:inherit;font-size:16px;color:inherit;background:var(--canvas);border:1px solid var(--strong);border-radius:6px}
a{color:var(--accent)}
a.button{display:block;margin-top:12px;padding:6px 14px;font-weight:600;text-align:center;text-decoration:none;color:var(--ink);border:1px solid var(--strong);border-radius:6px}
button{height:34px;width:100%;margin-top:20px;padding:0 14px;font:inherit;font-weight:600;color:#fff;background:var(--accent-strong);border:0;border-radius:6px;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:12px}
`;
