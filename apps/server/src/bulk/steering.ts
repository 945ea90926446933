import type { Steer } from "./workflow.ts";

/** What persons have asked of a bulk action while it was at work, and whether it holds by itself. */
export class Steering {
  readonly #next: () => Promise<Steer>;
  #wish: "go" | "pause" | "stop" = "go";
  #isUrged = false;
  #why = "";
  #news: Promise<void>;

  constructor(next: () => Promise<Steer>) {
    this.#next = next;
    this.#news = this.#listen();
  }

  /** Resolves when the next thing is asked for. */
  get news(): Promise<void> {
    return this.#news;
  }

  get isWaiting(): boolean {
    return this.#wish === "pause";
  }

  get isStopped(): boolean {
    return this.#wish === "stop";
  }

  /** A person has said to go on in spite of what it held for. */
  get isUrged(): boolean {
    return this.#isUrged;
  }

  /** Why it holds by itself; empty where a person has paused it. */
  get why(): string {
    return this.#why;
  }

  hold(why: string): void {
    if (this.#wish === "stop" || this.#isUrged) return;
    this.#wish = "pause";
    this.#why = why;
  }

  /** Waits, but no longer than until it is stopped. */
  async orStopped(wait: Promise<void>): Promise<void> {
    let isOver = false;
    const over = wait.then(() => {
      isOver = true;
    });
    while (!isOver && !this.isStopped) await Promise.race([over, this.#news]);
  }

  #listen(): Promise<void> {
    const news = this.#next().then((steer) => {
      // A run that is stopped has nothing to resume.
      if (this.#wish === "stop") return;
      this.#news = this.#listen();
      const isHeld = this.#why !== "";
      // Asked for by someone who has not seen the hold: it stays.
      if (isHeld && (steer === "pause" || steer === "resume")) return;
      if (isHeld && steer === "resumeHeld") this.#isUrged = true;
      this.#why = "";
      this.#wish = steer === "resume" || steer === "resumeHeld" ? "go" : steer;
    });
    // Of a run that is being ended, whoever waits hears it.
    news.catch(() => {});
    return news;
  }
}
