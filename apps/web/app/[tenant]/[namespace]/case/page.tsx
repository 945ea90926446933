import type { Metadata } from "next";
import { CaseClient } from "./client.tsx";

export const metadata: Metadata = { title: "Case" };

export default function CasePage() {
  return <CaseClient />;
}
