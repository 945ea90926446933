import { setTimeout as pause } from "node:timers/promises";
import { longestMailProblem } from "@downbeat/protocol";
import type { Context, Services } from "../context.ts";
import type { BoardMail, BoardView } from "../views.ts";
import { boardLetter, type Letter } from "./board-letter.ts";
import { tellBoard } from "./tell-board.ts";

/** The way out, as the server's configuration has it. */
export interface BoardPost {
  /** `tenant/namespace` */
  readonly namespace: string;
  /** Of a board, where people reach it. */
  pageOf(boardId: string): string | undefined;
  /** @throws Error with a sentence when it was not taken */
  send(channel: string, to: readonly string[], letter: Letter): Promise<void>;
}

interface Mailing {
  readonly view: BoardView;
  /** When its schedule wants it sent. */
  readonly due: number;
  /** Who wants it sent now. */
  readonly by?: string;
  /** Waits between the tries, ms. */
  readonly pausesMs?: readonly number[];
  readonly signal?: AbortSignal;
}

/**
 * Sends a board to those it is for, once: that it begins is in the log before anything goes out, so after a crash nobody sends it again.
 *
 * @returns what came of it; `undefined` where another server has begun, or the board has no schedule
 */
export async function mailBoard(
  services: Services,
  { view, due, by, pausesMs = [], signal }: Mailing,
): Promise<BoardMail | undefined> {
  const { boards, now, newId } = services;
  const { id: boardId, board } = view;
  const { weekly } = board;
  if (weekly === undefined) return undefined;
  const mailId = newId();
  const counts = await boards.appendMail({
    type: "mailBegun",
    boardId,
    mailId,
    at: now(),
    due,
    addresses: weekly.to.length,
    ...(by !== undefined && { by }),
  });
  if (!counts) return undefined;
  let problem: string | undefined;
  for (const wait of [0, ...pausesMs]) {
    if (wait > 0) await pause(wait, undefined, { signal, ref: false }).catch(() => {});
    if (signal?.aborted === true) {
      problem = "The server that sent it was stopped.";
      break;
    }
    problem = await send(services, view, mailId).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (problem === undefined) break;
  }
  await boards.appendMail({
    type: "mailEnded",
    boardId,
    mailId,
    at: now(),
    outcome: problem === undefined ? "delivered" : "failed",
    ...(problem !== undefined && { problem: problem.slice(0, longestMailProblem) }),
  });
  return boards.mails.of(boardId).find((mail) => mail.mailId === mailId);
}

async function send(services: Services, { id: boardId, board }: BoardView, id: string): Promise<void> {
  const { weekly } = board;
  if (weekly === undefined) return;
  const post = services.boardPost;
  // Whoever reads it may be anybody: it tells what everybody sees.
  const reader: Context = { ...services, actor: "the weekly e-mail", role: "viewer" };
  const told = await tellBoard(reader, board, weekly.timeZone);
  const about = { id, namespace: post.namespace, url: post.pageOf(boardId) };
  await post.send(weekly.channel, weekly.to, boardLetter(told, about));
}
