import type { OwnAccount } from "@downbeat/api/views";

const hour = 3_600_000;
const day = 24 * hour;

/** This browser, a phone, a program that says nothing of itself, and one that says too much. */
export function ownAccountAt(now: number): OwnAccount {
  const session = (id: string, since: number, seen: number) => ({ id, since, seen, until: since + 7 * day });
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  return {
    now,
    mostSessions: 20,
    confirmBy: "password",
    sessions: [
      { ...session("s1", now - hour, now - 5_000), address: "203.0.113.9", agent: firefox, isThis: true },
      {
        ...session("s2", now - 2 * day, now - 3 * hour),
        address: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
        agent:
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      },
      session("s3", now - 3 * day, now - 4 * hour),
      { ...session("s4", now - 4 * day, now - 5 * hour), address: "192.0.2.1", agent: "x".repeat(200) },
    ],
  };
}
