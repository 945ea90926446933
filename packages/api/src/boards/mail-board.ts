import { setTimeout as pause } from "node:timers/promises";
import { type BoardSchedule, longestMailProblem } from "@downbeat/protocol";
import { parseZone } from "@downbeat/read-model/zone";
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
  /** Why a channel may not send to these addresses, in a sentence; `undefined` where it may, or is not there. */
  refusal(channel: string, to: readonly string[]): string | undefined;
  /**
   * @returns a sentence where some of them were refused
   * @throws Error with a sentence when it was not taken
   */
  send(channel: string, to: readonly string[], letter: Letter): Promise<string | undefined>;
}

interface Beginning {
  readonly view: BoardView;
  readonly mailId: string;
  /** When its schedule wants it sent. */
  readonly due: number;
  /** Who wants it sent now. */
  readonly by?: string;
}

interface Carrying {
  readonly boardId: string;
  readonly mailId: string;
  /** Waits between the tries, ms. */
  readonly pausesMs?: readonly number[];
  /** Aborted when the server closes: what isn't sent by then is left to others. */
  readonly signal?: AbortSignal;
  /** When a try may be made: of many boards one is asked at a time. */
  readonly inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
}

interface End {
  readonly outcome: "delivered" | "failed" | "notSent";
  readonly problem?: string;
}

const notSent: End = { outcome: "notSent", problem: "The server that sent it was stopped." };
/** A server that closes waits so long for the mail server's answer, ms. */
const closingMs = 2_000;

/**
 * Writes down that a board is sent, before anything goes out: after a crash nobody sends it again.
 *
 * @returns whether it is this one that is sent; another server may have begun
 * @throws ApiError where the log doesn't answer: it may hold it nevertheless, and the same can be begun again
 */
export async function beginMail(
  { boards, now }: Services,
  { view, mailId, due, by }: Beginning,
): Promise<boolean> {
  const { weekly } = view.board;
  if (weekly === undefined) return false;
  return boards.appendMail({
    type: "mailBegun",
    boardId: view.id,
    mailId,
    at: now(),
    due,
    addresses: weekly.to.length,
    ...(by !== undefined && { by }),
  });
}

/** Sends what was begun, and writes down what came of it. @throws ApiError where that can't be kept */
export async function carryMail(services: Services, carrying: Carrying): Promise<BoardMail | undefined> {
  const { boards, now } = services;
  const { boardId, mailId } = carrying;
  const end = await tried(services, carrying);
  if (end !== undefined) {
    const { outcome, problem } = end;
    await boards.appendMail({
      type: "mailEnded",
      boardId,
      mailId,
      at: now(),
      outcome,
      ...(problem !== undefined && { problem: problem.slice(0, longestMailProblem) }),
    });
  }
  return boards.mails.of(boardId).find((mail) => mail.mailId === mailId);
}

/** @returns `undefined`: it may have gone out or not */
async function tried(
  services: Services,
  { boardId, mailId, pausesMs = [], signal, inTurn = (work) => work() }: Carrying,
): Promise<End | undefined> {
  let problem = "";
  for (const wait of [0, ...pausesMs]) {
    if (wait > 0) await pause(wait, undefined, { signal, ref: false }).catch(() => {});
    if (signal?.aborted === true) return notSent;
    const post = { isAsked: false };
    const work = inTurn(async (): Promise<End> => {
      // What was changed while it was tried counts.
      const scheduled = scheduledNow(services, boardId);
      if (scheduled === undefined)
        return { outcome: "failed", problem: "The board was deleted, or is no longer sent." };
      const letter = await letterOf(services, scheduled, mailId);
      if (signal?.aborted === true) return notSent;
      post.isAsked = true;
      const { channel, to } = scheduled.schedule;
      const refused = await services.boardPost.send(channel, to, letter);
      return { outcome: "delivered", ...(refused !== undefined && { problem: refused }) };
    }).catch((error: Error) => error);
    const end = await untilClosed(work, signal);
    if (end === undefined) return post.isAsked ? undefined : notSent;
    if (!(end instanceof Error)) return end;
    problem = end.message;
  }
  return { outcome: "failed", problem };
}

/** @returns `undefined` when the server began to close some time ago, and the work isn't over */
async function untilClosed<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return work;
  const over = new AbortController();
  const closed = new Promise<undefined>((resolve) => {
    const wait = () =>
      void pause(closingMs, undefined, { signal: over.signal, ref: false }).then(resolve, () => {});
    signal.addEventListener("abort", wait, { once: true, signal: over.signal });
  });
  return Promise.race([work, closed]).finally(() => over.abort());
}

interface Scheduled {
  readonly view: BoardView;
  readonly schedule: BoardSchedule;
}

/** As it is now, as far as this server knows. */
function scheduledNow({ boards }: Services, boardId: string): Scheduled | undefined {
  const state = boards.stateOf(boardId);
  if (state === undefined || !("saved" in state)) return undefined;
  const { weekly } = state.saved.board;
  return weekly === undefined ? undefined : { view: state.saved, schedule: weekly };
}

async function letterOf(services: Services, { view, schedule }: Scheduled, id: string): Promise<Letter> {
  const post = services.boardPost;
  const timeZone = parseZone(schedule.timeZone);
  if (timeZone === undefined) throw new Error("This server does not know the time zone of the schedule.");
  // Whoever reads it may be anybody: it tells what everybody sees.
  const reader: Context = { ...services, actor: "the weekly e-mail", role: "viewer" };
  const told = await tellBoard(reader, view.board, timeZone);
  return boardLetter(told, { id, namespace: post.namespace, url: post.pageOf(view.id) });
}
