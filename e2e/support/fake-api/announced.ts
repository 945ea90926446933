import type { KnownWorkflowView, WorkerView } from "@downbeat/api/views";

/** As it would announce itself, with a kind of field each. */
export const announcedWorkflow: KnownWorkflowView = {
  workflow: "bookTrip",
  build: "2026-12-01.3",
  announcedAt: Date.UTC(2026, 10, 27),
  workers: 1,
  input: {
    type: "object",
    properties: {
      tripId: { type: "string", minLength: 1, description: "What the customer calls it." },
      nights: { type: "integer", minimum: 1 },
      breakfast: { type: "boolean" },
      documents: { type: "string", enum: ["email", "paper"], default: "email" },
      departsOn: { type: "string", format: "date" },
      holdUntil: { type: "string", format: "date-time" },
      customer: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
      hotel: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      legs: { type: "array", items: { type: "string" } },
      payment: {
        oneOf: [
          {
            type: "object",
            properties: { by: { const: "card" }, number: { type: "string" }, note: { type: "string" } },
            required: ["by", "number"],
          },
          {
            type: "object",
            properties: { by: { const: "voucher" }, code: { type: "string" }, note: { type: "string" } },
            required: ["by", "code"],
          },
        ],
      },
      extras: {
        type: "array",
        items: {
          anyOf: [
            { type: "string" },
            { type: "object", properties: { seats: { type: "integer" } }, required: ["seats"] },
          ],
        },
      },
      notes: { type: "object", additionalProperties: { type: "string" } },
    },
    required: ["tripId", "nights", "breakfast", "departsOn", "customer"],
  },
  leftOut: [{ of: "input", why: "partly", places: ["tripId"] }],
};

export const announcedWorkers: readonly WorkerView[] = [
  {
    id: "w-1",
    name: "travel-1",
    host: "vm-1",
    build: "2026-12-01.3",
    sdk: "0.1.0",
    startedAt: Date.UTC(2026, 10, 27),
    heardAt: Date.UTC(2026, 10, 27),
    jobs: [
      { type: "bookFlight", concurrency: 20 },
      { type: "bookHotel", concurrency: 1 },
    ],
    workflows: ["bookTrip"],
  },
];
