import type { Metadata } from "next";
import { BulkListClient } from "./client.tsx";

export const metadata: Metadata = { title: "Bulk actions" };

export default function BulkListPage() {
  return <BulkListClient />;
}
