/** How far ahead of now an open run's axis reaches, so that its bars keep still while now moves across the room. */
const steps = [
  2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000, 45_000, 60_000, 90_000, 120_000, 180_000, 300_000,
  480_000, 720_000, 1_200_000, 1_800_000, 2_700_000, 3_600_000,
];

/** The axis of an open run ends a little after now, at a step that changes seldom. */
export function domainEnd(startedAt: number, now: number): number {
  const needed = Math.max(0, now - startedAt) * 1.04;
  const step = steps.find((each) => each >= needed);
  if (step !== undefined) return startedAt + step;
  let end = 3_600_000;
  while (end < needed) end *= 1.25;
  return startedAt + end;
}
