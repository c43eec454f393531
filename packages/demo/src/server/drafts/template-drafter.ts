import type { Drafter } from "./draft.ts";

/** The drafter that needs nothing: the same letter for everyone, with the sender's note in the middle. */
export const templateDrafter: Drafter = {
  source: "a template",
  async draft({ name, company, note }, senderName) {
    const firstName = name.split(" ")[0] ?? name;
    const paragraphs = [
      `Hi ${firstName},`,
      `I have been following ${company} for a while and like where it is going.`,
      note,
      "Would Tuesday at ten work for a quick call?",
      senderName,
    ];
    return {
      subject: `An idea for ${company}`,
      body: paragraphs.filter((paragraph) => paragraph !== "").join("\n\n"),
    };
  },
};
