import { expect, test } from "vitest";
import { z } from "zod";
import { jsonList } from "./json-list.ts";

const { parse, format } = jsonList("names", "names", z.array(z.string().min(1)));

test("what is written is read again", () => {
  for (const list of [[], ["Ada", "葛饰", '"']]) expect(parse(format(list))).toEqual(list);
  expect(JSON.parse(format(["Ada"]))).toEqual({ version: 1, names: ["Ada"] });
});

test.each([
  ["", /./],
  ["[]", /expected object/],
  ['{"version":1}', /names/],
  ['{"version":2,"names":[]}', /made by a newer Downbeat/],
  ['{"version":1,"names":["",1]}', /names\[0\][\s\S]*names\[1\]/],
  ['{"version":1,"names":[],"more":true}', /"more"/],
])("%j is no such list, and it is said why", (text, why) => {
  expect(() => parse(text)).toThrow(why);
});
