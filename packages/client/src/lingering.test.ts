import { expect, test } from "vitest";
import { Lingering } from "./lingering.ts";

function lingering() {
  const clock = { time: 0, now: () => clock.time, after: () => () => undefined };
  const gone: string[] = [];
  return { clock, gone, things: new Lingering<string>(clock, (thing) => gone.push(thing)) };
}

test("what nobody watches is kept for a while, and goes when something else is kept after that", () => {
  const { clock, gone, things } = lingering();
  things.keep("a", "first", false);
  clock.time = 29_000;
  things.keep("b", "second", true);
  expect(things.get("a")).toBe("first");
  clock.time = 31_000;
  things.keep("c", "third", true);
  expect(gone).toEqual(["first"]);
  expect([...things.values()]).toEqual(["second", "third"]);
});

test("what is watched stays, and lingers anew when it is left again", () => {
  const { clock, gone, things } = lingering();
  things.keep("a", "first", true);
  clock.time = 60_000;
  things.keep("a", "first", false);
  clock.time = 80_000;
  things.keep("b", "second", true);
  expect(gone).toEqual([]);
});

test("an old thing that is watched again doesn't take the place of the one that came after it", () => {
  const { clock, things } = lingering();
  things.keep("a", "old", false);
  clock.time = 60_000;
  things.keep("b", "other", true);
  things.keep("a", "new", true);
  things.keep("a", "old", true);
  expect(things.get("a")).toBe("new");
  expect([...things.of("a")]).toEqual(["new", "old"]);
});
