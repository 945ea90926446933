import type { Metadata } from "next";
import { RunClient } from "./client.tsx";

interface Props {
  readonly params: Promise<{ readonly runId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).runId) };
}

export default async function RunPage({ params }: Props) {
  const runId = decodeURIComponent((await params).runId);
  return <RunClient key={runId} runId={runId} />;
}
