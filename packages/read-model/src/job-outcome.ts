/** In the order of their numbers in the tables. `code`: the run's code could not go on. */
export const jobOutcomes = ["completed", "failedAttempts", "rejected", "stuck", "code"] as const;

/** In `meta`: rows of outcomes are whole from this time on, ms since the epoch. */
export const outcomesFromKey = "outcomes-from";
