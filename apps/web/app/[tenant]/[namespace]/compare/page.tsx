import type { Metadata } from "next";
import { CompareClient } from "./client.tsx";

export const metadata: Metadata = { title: "Compare two runs" };

export default function ComparePage() {
  return <CompareClient />;
}
