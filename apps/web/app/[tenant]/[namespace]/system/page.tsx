import type { Metadata } from "next";
import { SystemClient } from "./client.tsx";

export const metadata: Metadata = { title: "System" };

export default function SystemPage() {
  return <SystemClient />;
}
