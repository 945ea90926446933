/**
 * By which rules the code of a new run lives. They are for good: what its history was made by is what a replay has to go by.
 *
 * 1. Of runs whose beginning names none.
 * 2. What differs at each replay is the run's own or refused: time, chance, timers, the network. So are values that JSON would lose. A signal that was passed over is passed over
 *    by each replay, whatever schemas the code has by then.
 * 3. What is nested deeper than others can read is refused.
 */
export const codeRules = 3;
