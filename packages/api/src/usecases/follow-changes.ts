import type { Context } from "../context.ts";
import type { FollowChanges } from "../live/follow-input.ts";
import { Follower } from "../live/follower.ts";
import { sleep, WakeUp } from "../live/wake-up.ts";
import { revealedTo } from "../masking/reveals.ts";
import type { LiveChange } from "../views.ts";

/** At most ten pushes a second, at least one every other second: how fresh the page is is news too. */
const shortestGapMs = 100;
const longestGapMs = 2_000;

/** What changes from now on, or since the last change that was received. Ends when the signal does. */
export async function* followChanges(
  context: Context,
  input: FollowChanges,
): AsyncGenerator<[id: string, change: LiveChange], void, void> {
  const { feed, role, signal } = context;
  const revealed = revealedTo(context);
  const follower = new Follower(context, input, { role, revealed });
  const wakeUp = new WakeUp();
  const stop = feed.onFlushed(() => wakeUp.signal());
  try {
    while (signal?.aborted !== true) {
      const { id, push, followed, isFull } = follower.tell();
      yield [id, { ...push.change, followed }];
      await sleep(shortestGapMs, signal);
      if (!isFull) await wakeUp.wait(longestGapMs - shortestGapMs, signal);
    }
  } finally {
    stop();
  }
}
