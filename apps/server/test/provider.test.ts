import { join } from "node:path";
import { endSessionsOf } from "@downbeat/access";
import { UnsecuredJWT } from "jose";
import { OAuth2Server } from "oauth2-mock-server";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { freePort } from "./free-port.ts";
import { openProvider, type Word } from "./openid-provider.ts";
import { postForm, startGuarded } from "./signed-in.ts";

vi.setConfig({ testTimeout: 120_000 });

const me = "/trpc/public/default/me.get";
const answered = z.object({ result: z.object({ data: z.record(z.string(), z.unknown()) }) });

async function open(more: object = {}) {
  const provider = await openProvider();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const roles = [
    { role: "operator", who: { group: "ops" } },
    { role: "support", who: { claim: "level", is: 3 } },
  ];
  const access = {
    accounts: undefined,
    address: url,
    roles,
    provider: {
      issuer: provider.issuer,
      name: "Example Inc.",
      clientId: "downbeat",
      groups: "realm_access.roles",
      ...more,
    },
  };
  const guarded = await startGuarded(
    { DOWNBEAT_LOG_URL: "ws://127.0.0.1:9", DOWNBEAT_PORT: String(port) },
    access,
  );
  const get = (path: string, cookie = "") =>
    fetch(new URL(path, url), { redirect: "manual", headers: { cookie, accept: "text/html" } });
  /** As far as the provider sends the browser back. */
  const go = async (to = "/public/default/runs") => {
    const sent = await get(`/signin/provider?${new URLSearchParams({ to })}`);
    const errand = cookieOf(sent);
    const atProvider = await fetch(sent.headers.get("location") ?? "", { redirect: "manual" });
    return { errand, sent, back: new URL(atProvider.headers.get("location") ?? "") };
  };
  const comeBack = async (errand: string, back: URL) => {
    const answer = await get(back.pathname + back.search, errand);
    const text = await answer.text();
    return {
      status: answer.status,
      to: answer.headers.get("location"),
      problem: /role="alert"[^>]*>([^<]*)</.exec(text)?.[1]?.replaceAll("&#39;", "'"),
      session: answer.headers
        .getSetCookie()
        .find((each) => each.includes("session"))
        ?.split(";")[0],
    };
  };
  return { ...guarded, provider, url, get, go, comeBack };
}

function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie().at(-1)?.split(";")[0] ?? "";
}

test("who comes from the provider is who it says, with the role of their group, and goes where they were going", async () => {
  const { url, get, go, comeBack } = await open();
  expect(await (await get("/signin?to=/public/default/runs")).text()).toContain("Sign in with Example Inc.");
  const { sent, errand, back } = await go();
  const asked = new URL(sent.headers.get("location") ?? "").searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: "code",
    client_id: "downbeat",
    redirect_uri: `${url}/signin/callback`,
    code_challenge_method: "S256",
    scope: "openid profile email",
  });
  expect([asked.get("state"), asked.get("nonce")].every((each) => (each ?? "").length > 20)).toBe(true);
  expect(sent.headers.get("set-cookie")).toMatch(
    /^downbeat-errand-\d+\.[-\w]{16}=[^;]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/,
  );
  const { status, to, session = "" } = await comeBack(errand, back);
  expect([status, to]).toEqual([303, "/public/default/runs"]);
  const { result } = answered.parse(await (await fetch(url + me, { headers: { cookie: session } })).json());
  expect(result.data).toMatchObject({ role: "operator", signedIn: { name: "Ada Lovelace", by: "provider" } });
  expect(result.data.actor).toMatch(/^Ada Lovelace <http:\/\/localhost:\d+\|00u1>$/);
  const out = await postForm(url, "/signout", {}, { cookie: session });
  expect(out.headers.get("location")).toBe("/signin?why=outHere");
  expect(await (await get("/signin?why=outHere")).text()).toMatch(
    /href="http:[^"]*endsession[^"]*">Sign out there, too/,
  );
  expect((await fetch(url + me, { headers: { cookie: session } })).status).toBe(401);
});

test("who came from the provider sees their own sessions and ends them", async () => {
  const { url, get, go, comeBack } = await open();
  const enter = async () => {
    const { errand, back } = await go();
    return (await comeBack(errand, back)).session ?? "";
  };
  const [here, there] = [await enter(), await enter()];
  const account = `${url}/trpc/public/default/account`;
  const own = async (cookie: string) => fetch(`${account}.get`, { headers: { cookie } });
  const { result } = answered.parse(await (await own(here)).json());
  expect(result.data.sessions).toHaveLength(2);
  const ended = await fetch(`${account}.endOthers`, {
    method: "POST",
    headers: { cookie: here, "content-type": "application/json" },
    body: "{}",
  });
  expect(answered.parse(await ended.json()).result.data).toEqual({ ended: 1 });
  expect([(await own(here)).status, (await own(there)).status]).toEqual([200, 401]);
  // Later, the provider asks them who they are.
  expect(result.data).toMatchObject({ confirmBy: "nothing" });
  const prompt = async (path: string) =>
    new URL((await get(path, here)).headers.get("location") ?? "", url).searchParams.get("prompt");
  expect(await prompt("/signin/provider?again=1&to=/public/default/account")).toBe("login");
  expect(await prompt("/signin/provider?to=/public/default/account")).toBeNull();
});

const changes: [string, (word: Word) => void, RegExp][] = [
  [
    "of another issuer",
    ({ payload }) => void (payload.iss = "https://evil.example"),
    /speaks for another issuer/,
  ],
  ["for another application", ({ payload }) => void (payload.aud = "other"), /is for another application/],
  ["of another sign-in", ({ payload }) => void (payload.nonce = "other"), /does not belong to this sign-in/],
  [
    "without the sign-in's nonce",
    ({ payload }) => void delete payload.nonce,
    /does not belong to this sign-in|can't be verified/,
  ],
  ["that is over", ({ payload }) => void (payload.exp = 1_000), /out of date/],
];

test.each(changes)("a word %s lets nobody in, and says so", async (_, change, why) => {
  const { provider, go, comeBack } = await open();
  provider.world.change = change;
  const { errand, back } = await go();
  const answer = await comeBack(errand, back);
  expect(answer).toMatchObject({ status: 403, problem: expect.stringMatching(why), session: undefined });
});

test("a word that is not signed, or signed by somebody else, lets nobody in", async () => {
  const { provider, go, comeBack } = await open();
  const other = new OAuth2Server();
  await other.issuer.keys.generate("RS256");
  const unsigned = (token: string) => {
    const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return new UnsecuredJWT(payload).encode();
  };
  const changed = (token: string) => {
    const [head = "", body = "", signature = ""] = token.split(".");
    const payload = { ...JSON.parse(Buffer.from(body, "base64url").toString()), sub: "root" };
    return [head, Buffer.from(JSON.stringify(payload)).toString("base64url"), signature].join(".");
  };
  for (const token of [unsigned, changed]) {
    provider.world.token = token;
    const { errand, back } = await go();
    expect(await comeBack(errand, back)).toMatchObject({
      status: 403,
      problem: expect.stringMatching(/did not sign its answer/),
      session: undefined,
    });
  }
});

test("an answer is taken once, by the browser that asked, with the state that it was given", async () => {
  const { provider, go, comeBack } = await open();
  const first = await go();
  const wrongState = new URL(first.back);
  wrongState.searchParams.set("state", "other");
  expect(await comeBack(first.errand, wrongState)).toMatchObject({
    status: 403,
    problem: "This sign-in is over, or was started elsewhere. Start again.",
  });
  expect(await comeBack("", first.back)).toMatchObject({
    status: 403,
    problem: "This sign-in is over, or was started elsewhere. Start again.",
  });
  const second = await go();
  expect(await comeBack(second.errand, first.back)).toMatchObject({ status: 403 });
  expect((await comeBack(first.errand, first.back)).session).toBeDefined();
  expect(await comeBack(first.errand, first.back)).toMatchObject({
    status: 403,
    problem: "This sign-in is over, or was started elsewhere. Start again.",
    session: undefined,
  });
  // One that the provider knows to be used, however it came about.
  provider.world.isUsedUp = true;
  const third = await go();
  expect(await comeBack(third.errand, third.back)).toMatchObject({
    status: 403,
    problem: expect.stringContaining("it was used before"),
    session: undefined,
  });
  provider.world.isUsedUp = false;
  const session = (await comeBack(second.errand, second.back)).session ?? "";
  const asErrand = `${second.errand.split("=")[0]}=${session.split("=")[1]}`;
  expect(await comeBack(asErrand, second.back)).toMatchObject({
    status: 403,
    session: undefined,
  });
});

test("tabs at the provider at once don't take each other's way back away, and no link of anybody's does", async () => {
  const { get, go, comeBack } = await open();
  const [first, second] = [await go("/public/default/runs"), await go("/public/default/cases")];
  expect(first.errand.split("=")[0]).not.toBe(second.errand.split("=")[0]);
  const both = `${first.errand}; ${second.errand}`;
  const foreign = await get("/signin/callback?state=x&code=y", both);
  expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([403, []]);
  const back = await get(first.back.pathname + first.back.search, both);
  expect(back.headers.getSetCookie().filter((each) => each.includes("Max-Age=0"))).toEqual([
    `${first.errand.split("=")[0]}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`,
  ]);
  expect(await comeBack(second.errand, second.back)).toMatchObject({ to: "/public/default/cases" });
});

test("of very many tabs the oldest give way, so that a browser's header stays short", async () => {
  const { get, go } = await open();
  const errands = [];
  for (let tab = 0; tab < 7; tab++) errands.push((await go()).errand);
  const sent = await get("/signin/provider", errands.join("; "));
  const taken = sent.headers.getSetCookie().filter((each) => each.includes("Max-Age=0"));
  expect(taken.map((each) => each.split("=")[0])).toEqual(
    errands.slice(0, 3).map((each) => each.split("=")[0]),
  );
});

test("all that one person began is ended by their id, and nobody else's; they may come again", async () => {
  const { server, provider, url, go, comeBack } = await open({ bearer: { audiences: ["downbeat-api"] } });
  const arrive = async () => {
    const { errand, back } = await go();
    return (await comeBack(errand, back)).session ?? "";
  };
  const statusOf = async (headers: Record<string, string>) => (await fetch(url + me, { headers })).status;
  const ada = { cookie: await arrive() };
  provider.world.change = ({ payload }) => void Object.assign(payload, { sub: "00u2", name: "Grace" });
  const grace = { cookie: await arrive() };
  const madeBefore = Math.floor(Date.now() / 1_000) - 5;
  const token = { authorization: `Bearer ${await provider.sign({ iat: madeBefore })}` };
  expect([await statusOf(ada), await statusOf(grace), await statusOf(token)]).toEqual([200, 200, 200]);
  endSessionsOf(join(server.dataDir, "sign-in", "people.json"), `${provider.issuer}|00u1`, Date.now());
  await vi.waitFor(async () => expect(await statusOf(ada)).toBe(401), { timeout: 60_000 });
  expect([await statusOf(token), await statusOf(grace)]).toEqual([401, 200]);
  provider.world.change = () => {};
  expect(await statusOf({ cookie: await arrive() })).toBe(200);
  const later = Math.floor(Date.now() / 1_000) + 1;
  const another = { authorization: `Bearer ${await provider.sign({ iat: later })}` };
  expect(await statusOf(another)).toBe(200);
});

test("who is in no group that has a role sees nothing, whatever else they are; who was not let in is told", async () => {
  const { provider, url, go, comeBack, get } = await open();
  provider.world.change = ({ payload }) =>
    void Object.assign(payload, { realm_access: { roles: ["ops-readers"] }, groups: ["ops"], level: "3" });
  const { errand, back } = await go("//evil.example");
  const { to, session = "" } = await comeBack(errand, back);
  expect(to).toBe("/");
  expect((await get("/", session)).status).toBe(403);
  expect((await fetch(url + me, { headers: { cookie: session } })).status).toBe(403);
  provider.world.allows = false;
  const denied = await go();
  expect(await comeBack(denied.errand, denied.back)).toMatchObject({
    status: 403,
    problem: "You were not let in at the provider.",
  });
});

test("a provider that is away keeps nobody from the page, which says so, and is found when it is back", async () => {
  const { provider, get } = await open();
  await provider.stop();
  const answer = await get("/signin/provider");
  expect([answer.status, await answer.text()]).toEqual([
    403,
    expect.stringContaining("The provider can&#39;t be reached just now."),
  ]);
});
