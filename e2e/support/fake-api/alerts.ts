import type { AlertIncident, AlertIncidentList, AlertList } from "@downbeat/api/views";

const minute = 60_000;

function incidentsAt(now: number): AlertIncident[] {
  const sentence = "12 runs of bookTrip have been stuck for more than 15 min.";
  return [
    {
      ruleId: "stuck",
      number: 2,
      name: "Bookings are stuck",
      openedAt: now - 12 * minute,
      sentence,
      notices: [
        { of: "opened", channel: "on-call", outcome: "delivered", at: now - 12 * minute },
        { of: "opened", channel: "mail", outcome: "failed", at: now, problem: "It answered 500." },
      ],
    },
    {
      ruleId: "stuck",
      number: 1,
      name: "Bookings are stuck",
      openedAt: now - 900 * minute,
      sentence,
      resolvedAt: now - 860 * minute,
      resolution: "0 runs of bookTrip have been stuck for more than 15 min.",
      notices: [],
    },
  ];
}

export function alertsAt(now: number): AlertList {
  const [incident] = incidentsAt(now);
  const common = { version: 1, by: "maria", at: now - 2_000 * minute };
  return {
    rules: [
      {
        ...common,
        ruleId: "stuck",
        name: "Bookings are stuck",
        condition: { kind: "stuck", filter: { workflow: "bookTrip" }, longerThanMs: 900_000, atLeast: 1 },
        words: "1 run of bookTrip or more stuck for longer than 15 min.",
        channels: ["on-call", "mail", "pager"],
        missingChannels: ["pager"],
        silencedUntil: now + 30 * minute,
        ...(incident !== undefined && { incident }),
      },
      {
        ...common,
        ruleId: "quiet",
        name: "Nobody books",
        condition: { kind: "noCompletion", filter: {}, withinMs: 3_600_000 },
        words: "No run completed for 1 h.",
        channels: [],
        missingChannels: [],
        unknown: "The read model is behind: 3 records are still to be read.",
      },
    ],
    channels: [
      { name: "mail", kind: "email", to: "operations@travel.example" },
      { name: "on-call", kind: "webhook", to: "hooks.travel.example" },
    ],
    watching: { is: "here", lookedAt: now },
  };
}

export function incidentListAt(now: number): AlertIncidentList {
  const incidents = incidentsAt(now);
  return { incidents, count: incidents.length };
}
