import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { startStore, watch } from "./test-store.ts";

test("a claim shows to others at once, and so does that it was given up", async () => {
  await using holdpoint = await startTestHoldpoint();
  const { id } = await holdpoint.request({ title: "Refund order 7" });
  using ana = startStore(holdpoint, "ana");
  using bo = startStore(holdpoint, "bo");
  const [mine, others] = [ana.observeApproval(id), bo.observeApproval(id)];
  using _mine = watch(mine);
  using _others = watch(others);
  await expect.poll(() => [mine.get().status, others.get().status]).toEqual(["ready", "ready"]);
  const claimed = await ana.claim(id, { for: "1h" });
  expect(mine.get().approval).toEqual(claimed);
  expect(claimed.claimedBy).toMatchObject({ id: "ana" });
  await expect.poll(() => others.get().approval).toMatchObject({ claimedBy: { id: "ana" } });
  await ana.release(id);
  expect(mine.get().approval?.claimedBy).toBeUndefined();
  await expect.poll(() => others.get().approval?.claimedBy).toBeUndefined();
});

test("who claims what somebody else has claimed is refused, and sees whose it is", async () => {
  await using holdpoint = await startTestHoldpoint();
  const { id } = await holdpoint.request({ title: "Refund order 7" });
  using ana = startStore(holdpoint, "ana");
  using bo = startStore(holdpoint, "bo");
  const observed = bo.observeApproval(id);
  using _observed = watch(observed);
  await expect.poll(() => observed.get().status).toBe("ready");
  await ana.claim(id);
  await expect(bo.claim(id)).rejects.toMatchObject({ code: "already_claimed" });
  await expect.poll(() => observed.get().approval?.claimedBy).toMatchObject({ id: "ana" });
});
