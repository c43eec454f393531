import { isValidElement } from "react";
import { expect, test } from "vitest";
import { mergeLook, resolveLook } from "./look.ts";

test("texts are English until the host says otherwise, one by one", () => {
  const { t } = resolveLook({ messages: { "action.approve": "Freigeben" } });
  expect(t("action.approve")).toBe("Freigeben");
  expect(t("action.reject")).toBe("Reject");
});

test("texts are told what they are about and how the language formats it", () => {
  const { t } = resolveLook({ locale: "de" });
  expect(t("inbox.newItems", { count: 1 })).toBe("1 new approval");
  expect(t("inbox.newItems", { count: 1_200 })).toBe("1.200 new approvals");
});

test("a text made of pieces becomes one node", () => {
  const { t } = resolveLook({ messages: { "card.requestedBy": ({ name }) => ["von ", name] } });
  expect(isValidElement(t("card.requestedBy", { name: "Ana" }))).toBe(true);
});

test("a provider further in adds to the one around it", () => {
  const outer = { locale: "de", messages: { "action.edit": "Ändern" }, classNames: { card: "a" } };
  const look = mergeLook(outer, {
    locale: undefined,
    messages: { "action.reject": "Nein" },
    classNames: { title: "b" },
  });
  expect(look.locale).toBe("de");
  expect(look.messages).toEqual({ "action.edit": "Ändern", "action.reject": "Nein" });
  expect(look.classNames).toEqual({ card: "a", title: "b" });
});
