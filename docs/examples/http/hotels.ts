import { httpJobs } from "@downbeat/sdk/http";
import { worker } from "@downbeat/sdk/worker";

worker({
  jobs: httpJobs({
    bookHotel: { url: "https://hotels.example/bookings", timeoutMs: 10_000, concurrency: 20 },
    cancelHotel: {
      url: "https://hotels.example/cancellations",
      headers: { authorization: "Bearer the-token" },
    },
  }),
});
