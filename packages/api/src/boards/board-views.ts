import type { BoardDefinition } from "@downbeat/protocol";
import type { DeleteAnswer, SaveAnswer } from "../shared/change-answers.ts";

/** Panels that people look at together. */
export interface BoardView {
  readonly id: string;
  readonly board: BoardDefinition;
  /** Since when it is sent each week as it is now, ms since the epoch. Told to those who keep boards. */
  readonly scheduledAt?: number;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

/** A board that was sent. */
export interface BoardMail {
  readonly mailId: string;
  /** When it was to be sent, ms since the epoch. */
  readonly due: number;
  /** When that was begun, or came to its end. */
  readonly at: number;
  /** Who wanted it sent; absent: its schedule. */
  readonly by?: string;
  /** How many addresses it goes to. */
  readonly addresses: number;
  /** `begun`: nobody knows whether it arrived; it is not sent again. `notSent`: its server stopped before anything went out. */
  readonly outcome: "begun" | "delivered" | "failed" | "notSent";
  readonly problem?: string;
}

export interface BoardList {
  /** By name. */
  readonly boards: readonly BoardView[];
  /** What was sent of each, by its id; newest first. */
  readonly mails: Readonly<Record<string, readonly BoardMail[]>>;
  /** Ways to send one, by name. */
  readonly mailChannels: readonly string[];
}

export type SaveBoardAnswer = SaveAnswer<"board", BoardView>;

export type DeleteBoardAnswer = DeleteAnswer<BoardView>;

export type { BoardDefinition, BoardPanel, BoardSchedule } from "@downbeat/protocol";

/** A panel as words. */
export interface ToldPanel {
  readonly title: string;
  readonly lines: readonly string[];
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** A board as words, for a letter or a terminal. */
export interface ToldBoard {
  readonly name: string;
  /** "Last 7 days" */
  readonly period: string;
  /** As of when it is, and what is missing from all of it. */
  readonly notes: readonly string[];
  readonly panels: readonly ToldPanel[];
}
