import type { BulkOutcome } from "@downbeat/api/views";

/** In the order in which they are shown. */
const order: Readonly<Record<BulkOutcome, true>> = {
  recovered: true,
  done: true,
  failedAgain: true,
  refused: true,
  underWay: true,
  notPickedUp: true,
  lost: true,
  waiting: true,
};

export const outcomeNames = Object.keys(order).filter((name): name is BulkOutcome =>
  Object.hasOwn(order, name),
);
