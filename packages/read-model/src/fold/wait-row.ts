import type { EventOf, RunEvent } from "@downbeat/domain";
import type { SignalRow } from "../views.ts";
import type { Place, RunFold } from "./run-fold.ts";

/** Timers and waits for signals. A wait's time-out is a timer too, but not a row of its own: it is the wait's `dueAt`. */
export function foldWait(run: RunFold, event: RunEvent, place: Place): void {
  const { seq, at } = place;
  switch (event.type) {
    case "TimerSet":
      return foldTimerSet(run, event, place);
    case "TimerFired":
    case "TimerCancelled": {
      const row = run.rows.get(event.timerId);
      const status = event.type === "TimerFired" ? "fired" : "cancelled";
      if (row?.kind === "signal" && event.action !== undefined && event.type === "TimerCancelled") {
        const { dueAt: _, ...untimed } = row;
        run.rows.set(event.timerId, { ...untimed, lastSeq: seq });
      }
      if (row?.kind === "timer") run.rows.set(event.timerId, { ...row, status, to: at, lastSeq: seq });
      return;
    }
    case "TimerPostponed": {
      const row = run.rows.get(event.timerId);
      if (row === undefined || row.kind === "job") return;
      run.rows.set(event.timerId, { ...row, dueAt: event.dueAt, lastSeq: seq });
      return;
    }
    case "SignalAwaited": {
      const { waitId, name, timeoutMs, signalId } = event;
      if (signalId !== undefined) passOver(run, signalId, name, seq);
      const dueAt = timeoutMs === undefined ? {} : { dueAt: at + timeoutMs };
      const row: SignalRow = { ...basics(waitId, place), name, status: "awaited", ...dueAt };
      run.rows.set(waitId, row);
      return;
    }
    case "SignalReceived": {
      const { signalId, name, payload, actor } = event;
      const by = actor === undefined ? {} : { actor };
      const rowId = signalRowId(signalId);
      run.rows.set(rowId, {
        ...basics(rowId, place),
        name,
        status: "buffered",
        receivedAt: at,
        payload,
        ...by,
      });
      return;
    }
    case "SignalDelivered":
      return deliver(run, event, place);
    case "SignalWaitEnded": {
      const row = run.rows.get(event.waitId);
      const status = event.because === "timeout" ? "timedOut" : "ended";
      if (row?.kind === "signal") run.rows.set(event.waitId, { ...row, status, to: at, lastSeq: seq });
      return;
    }
    case "SignalWaitAbandoned": {
      const row = run.rows.get(event.waitId);
      if (row?.kind === "signal")
        run.rows.set(event.waitId, { ...row, status: "ended", to: at, lastSeq: seq });
      return;
    }
    default:
  }
}

/** The signal itself where it lay waiting, and the wait that got it. */
function passOver(run: RunFold, signalId: string, name: string, seq: number): void {
  const rowId = signalRowId(signalId);
  const signal = run.rows.get(rowId);
  const mark = (row: SignalRow): void => {
    run.rows.set(row.rowId, { ...row, status: "passedOver", lastSeq: seq });
  };
  const got = [...run.rows.values()]
    .filter((row) => row.kind === "signal" && row.status === "delivered" && row.name === name)
    .filter((row) => row.rowId !== rowId && (signal === undefined || row.lastSeq === signal.lastSeq))
    .at(-1);
  for (const row of [got, signal]) if (row?.kind === "signal") mark(row);
}

export function signalRowId(signalId: string): string {
  return `s:${signalId}`;
}

function basics(rowId: string, { seq, at }: Place) {
  return { kind: "signal", rowId, from: at, firstSeq: seq, lastSeq: seq } as const;
}

function foldTimerSet(run: RunFold, event: EventOf<"TimerSet">, { seq, at }: Place): void {
  const { timerId, dueAt, waitId } = event;
  if (waitId === undefined) {
    const from = run.rows.get(timerId);
    // Set again: the same wait until another time.
    const first =
      from?.kind === "timer" ? { from: from.from, firstSeq: from.firstSeq } : { from: at, firstSeq: seq };
    run.rows.set(timerId, {
      kind: "timer",
      rowId: timerId,
      timerId,
      status: "waiting",
      dueAt,
      ...first,
      lastSeq: seq,
    });
    return;
  }
  const wait = run.rows.get(waitId);
  if (wait?.kind === "signal") run.rows.set(waitId, { ...wait, dueAt, lastSeq: seq });
}

function deliver(run: RunFold, event: EventOf<"SignalDelivered">, { seq, at }: Place): void {
  const rowId = signalRowId(event.signalId);
  const signal = run.rows.get(rowId);
  const wait = run.rows.get(event.waitId);
  if (signal?.kind === "signal") {
    // Received into an open wait: one row, the wait's. Otherwise it lay waiting, and that is a row to see.
    if (signal.firstSeq === seq - 1) run.rows.delete(rowId);
    else run.rows.set(rowId, { ...signal, status: "delivered", to: at, lastSeq: seq });
  }
  if (wait?.kind !== "signal") return;
  const { receivedAt, payload, actor } = signal?.kind === "signal" ? signal : {};
  run.rows.set(event.waitId, {
    ...wait,
    status: "delivered",
    to: at,
    lastSeq: seq,
    ...(receivedAt !== undefined && { receivedAt }),
    ...(payload !== undefined && { payload }),
    ...(actor !== undefined && { actor }),
  });
}
