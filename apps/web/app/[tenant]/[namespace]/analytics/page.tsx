import type { Metadata } from "next";
import { AnalyticsClient } from "./client.tsx";

export const metadata: Metadata = { title: "Analytics" };

export default function AnalyticsPage() {
  return <AnalyticsClient />;
}
