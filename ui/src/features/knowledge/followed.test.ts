import { expect, test } from "vitest";
import type { Followed } from "../../api/types";
import { followedName, shareDone } from "./followed";

const place = { address: null, path: null, reach: null, most: 200, depth: 5, is_private: false };
const named = (part: Partial<Followed["place"]>) =>
  followedName({ place: { ...place, ...part } } as Followed);

test("a site is called by its address, a folder by its path", () => {
  expect(named({ address: "https://shop.example/" })).toBe("shop.example");
  expect(named({ address: "http://shop.example/help/" })).toBe("shop.example/help");
  expect(named({ path: "/srv/papers" })).toBe("/srv/papers");
});

test("what is done is the share of pages that do not wait", () => {
  const none = { waiting: 0, read: 0, same: 0, left_out: 0, failed: 0, gone: 0 };
  expect(shareDone(none)).toBe(0);
  expect(shareDone({ ...none, waiting: 3, read: 1 })).toBe(0.25);
  expect(shareDone({ ...none, read: 2, left_out: 2 })).toBe(1);
});
