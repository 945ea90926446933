import { expect, test } from "vitest";
import { type AlertConfig, domainOf, noAlertConfig } from "../src/alerts/channel-config.ts";
import { boardPost } from "../src/boards/board-post.ts";
import { mailServer } from "./mail-server.ts";

const letter = { id: "m", subject: "s", text: "t", html: "<p>t</p>" };

function posting(server: string, recipients = ["example.com", "example.org"]) {
  const from = "Downbeat <downbeat@example.com>";
  const mail = { kind: "email", server, from, to: ["ops@example.com"], recipients } as const;
  const config: AlertConfig = { ...noAlertConfig, channels: new Map([["team", mail]]) };
  return boardPost(config, "public/default");
}

test("a board goes to addresses at domains of the configuration alone, whoever wrote down others", async () => {
  const { mails, url } = await mailServer();
  const post = posting(url);
  expect(post.refusal("team", ["Ada@EXAMPLE.com", "grace@example.org"])).toBeUndefined();
  for (const other of ["eve@example.net", "eve@sub.example.com", "eve@example.com.evil.example", "eve"]) {
    const words = `at example.com or example.org alone, not to ${other}`;
    expect(post.refusal("team", ["ada@example.com", other])).toContain(words);
    await expect(post.send("team", ["ada@example.com", other], letter)).rejects.toThrow(words);
  }
  expect(mails).toEqual([]);
  await post.send("team", ["ada@example.com"], letter);
  expect(mails).toHaveLength(1);
});

test("the domain of an address is what mail servers read", () => {
  expect(domainOf("Downbeat <downbeat@Example.com> ")).toBe("example.com");
  expect(domainOf('"a@b" <ada@example.com>')).toBe("example.com");
  expect(domainOf("Example.org")).toBe("example.org");
});

test("where the mail server refuses some, it says how many, and where it refuses all, that it failed", async () => {
  const refuses = ["gone@example.com", "left@example.com"];
  const { mails, url } = await mailServer({ refuses });
  const post = posting(url);
  expect(await post.send("team", ["ada@example.com", ...refuses], letter)).toBe(
    "2 of 3 addresses were refused by the mail server.",
  );
  expect(mails.map(({ to }) => to)).toEqual([["ada@example.com"]]);
  expect(await post.send("team", ["ada@example.com"], letter)).toBeUndefined();
  await expect(post.send("team", refuses, letter)).rejects.toThrow("The mail server did not take it");
});
