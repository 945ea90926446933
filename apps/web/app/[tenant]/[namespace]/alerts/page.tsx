import type { Metadata } from "next";
import { AlertsClient } from "./client.tsx";

export const metadata: Metadata = { title: "Alerts" };

export default function AlertsPage() {
  return <AlertsClient />;
}
