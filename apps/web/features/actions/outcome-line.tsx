"use client";

import { useTrackedAction } from "./actions-provider.tsx";
import { OutcomeNow } from "./load-outcome-now.tsx";

interface OutcomeLineProps {
  readonly target: string;
  /** Named where the line stands alone. */
  readonly subject?: string;
  readonly className?: string;
}

/** Progress and outcome of the latest action, where the trouble was shown. */
export function OutcomeLine(props: OutcomeLineProps) {
  const action = useTrackedAction(props.target);
  return action === undefined ? null : <OutcomeNow {...props} action={action} />;
}
