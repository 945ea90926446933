/** What the example's `bookTrip` asks for: a trip that is approved by itself and waits but a moment. */
export function trip(tripId: string, changes: Record<string, unknown> = {}) {
  return {
    tripId,
    customer: { name: "Ada Byron", email: "ada@example.com" },
    flight: { from: "CDG", to: "LIS", departsOn: "2027-05-01" },
    hotel: { city: "Lisbon", nights: 3 },
    amountCents: 120_000,
    timeZone: "Europe/Lisbon",
    holdMs: 500,
    ...changes,
  };
}
