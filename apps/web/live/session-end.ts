/** Whether the server has said that nobody is signed in here any more: known to all of this tab, until an answer says otherwise. */
let isEnded = false;
const listeners = new Set<() => void>();

export const sessionEnd = {
  isEnded: (): boolean => isEnded,
  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** What the server answered something with. */
  tellStatus(status: number): void {
    const ended = status === 401;
    if (ended === isEnded) return;
    isEnded = ended;
    for (const listener of listeners) listener();
  },
} as const;
