import { z } from "zod";

const timeZone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, "no such time zone");

/** What a customer asks for. */
export const trip = z.object({
  tripId: z.string().min(1).max(60),
  customer: z.object({ name: z.string().min(1).max(100), email: z.email() }),
  flight: z.object({ from: z.string().length(3), to: z.string().length(3), departsOn: z.iso.date() }),
  hotel: z.object({ city: z.string().min(1).max(60), nights: z.int().min(1).max(60) }),
  amountCents: z.int().positive(),
  timeZone,
  /** How long an expensive trip may wait for somebody's approval. */
  approvalWithinMs: z
    .int()
    .positive()
    .default(15 * 60_000),
  /** How long customers may still change their mind. */
  holdMs: z.int().nonnegative().default(2_000),
  /** The same as a moment; counts instead. */
  holdUntil: z.iso.datetime().optional(),
  /** Paper documents leave with the next Monday's post at 09:00 where the customer is; others are sent at once. */
  documents: z.enum(["email", "paper"]).default("email"),
});

/** As the workflow sees it, defaults filled in. */
export type Trip = z.output<typeof trip>;
/** As it is asked for. */
export type TripRequest = z.input<typeof trip>;

/** A trip above it needs an approval. */
export const approvalLimitCents = 300_000;

export const approval = z.object({
  approved: z.boolean(),
  by: z.string().min(1),
  note: z.string().optional(),
});
