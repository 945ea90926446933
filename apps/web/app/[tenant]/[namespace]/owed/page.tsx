import type { Metadata } from "next";
import { OwedClient } from "./client.tsx";

export const metadata: Metadata = { title: "Owed" };

export default function OwedPage() {
  return <OwedClient />;
}
