import type { Metadata } from "next";
import { runIdOf } from "@/lib/run-segment.ts";
import { RunClient } from "./client.tsx";

interface Props {
  readonly params: Promise<{ readonly runId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: runIdOf((await params).runId) };
}

export default async function RunPage({ params }: Props) {
  const runId = runIdOf((await params).runId);
  return <RunClient key={runId} runId={runId} />;
}
