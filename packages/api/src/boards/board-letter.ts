import type { ToldBoard, ToldPanel } from "../views.ts";

export interface Letter {
  /** The same however often it is sent. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface About {
  readonly id: string;
  /** `tenant/namespace` */
  readonly namespace: string;
  /** Of the board, where people reach it. */
  readonly url: string | undefined;
}

/** A board as an e-mail: its words as text, and the same as HTML that every mail program shows. */
export function boardLetter(board: ToldBoard, { id, namespace, url }: About): Letter {
  const subject = oneLine(`${board.name}: ${board.period.toLowerCase()} (${namespace})`);
  const end = "You are sent this because somebody who keeps boards wrote down your address there.";
  const text = [
    subject,
    ...(url === undefined ? [] : [url]),
    ...board.notes.map(oneLine),
    ...board.panels.map(panelText),
    end,
  ].join("\n\n");
  const link = url === undefined ? "" : `<p><a href="${escaped(url)}">Open the board</a></p>`;
  const notes = board.notes.map((note) => `<p style="color:#4b5260">${escaped(note)}</p>`).join("");
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body style="font-family:sans-serif;font-size:14px;color:#14171d"><h1 style="font-size:20px">${escaped(board.name)}</h1><p style="color:#4b5260">${escaped(`${board.period}, ${namespace}`)}</p>${notes}${link}${board.panels.map(panelHtml).join("")}<p style="color:#636b7a;font-size:12px">${end}</p></body></html>`;
  return { id, subject, text, html };
}

function panelText({ title, lines, table }: ToldPanel): string {
  const rows =
    table === undefined ? [] : [table.head, ...table.rows].map((row) => row.map(oneLine).join(" | "));
  return [oneLine(title), ...lines.map(oneLine), ...rows].join("\n");
}

const cell = "padding:2px 12px 2px 0;text-align:left;border-bottom:1px solid #e3e6eb";

function panelHtml({ title, lines, table }: ToldPanel): string {
  const row = (tag: "th" | "td", texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag} style="${cell}">${escaped(text)}</${tag}>`).join("")}</tr>`;
  const shown =
    table === undefined
      ? ""
      : `<table style="border-collapse:collapse;font-size:13px">${row("th", table.head)}${table.rows.map((texts) => row("td", texts)).join("")}</table>`;
  const said = lines.map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`).join("");
  return `<h2 style="font-size:15px;margin:20px 0 4px">${escaped(title)}</h2>${said}${shown}`;
}

/** What people named is text, wherever it stands. */
function escaped(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Nor can it end the line, or the header, that it stands in. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
