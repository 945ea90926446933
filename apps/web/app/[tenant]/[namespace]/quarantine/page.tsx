import type { Metadata } from "next";
import { QuarantineClient } from "./client.tsx";

export const metadata: Metadata = { title: "Quarantine" };

export default function QuarantinePage() {
  return <QuarantineClient />;
}
