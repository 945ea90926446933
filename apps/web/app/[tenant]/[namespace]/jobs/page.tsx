import type { Metadata } from "next";
import { JobsClient } from "./client.tsx";

export const metadata: Metadata = { title: "Jobs" };

export default function JobsPage() {
  return <JobsClient />;
}
