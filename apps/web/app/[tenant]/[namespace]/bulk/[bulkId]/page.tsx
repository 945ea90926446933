import type { Metadata } from "next";
import { runIdOf } from "@/lib/run-segment.ts";
import { BulkClient } from "./client.tsx";

interface Props {
  readonly params: Promise<{ readonly bulkId: string }>;
}

export const metadata: Metadata = { title: "Bulk action" };

export default async function BulkPage({ params }: Props) {
  const bulkId = runIdOf((await params).bulkId);
  return <BulkClient key={bulkId} bulkId={bulkId} />;
}
