import { NotApprovedError, type RunContext, type Workflow, workflow } from "@holdpoint/core";
import { z } from "zod";

/** What starting an editorial-then-legal run takes. */
export const editorialThenLegalInput = z.strictObject({
  title: z.string().trim().min(1, "Give the article a title.").max(120),
  text: z.string().trim().min(1, "Write something.").max(20_000),
});

type Article = z.infer<typeof editorialThenLegalInput>;
type Desk = "editorial" | "legal";

/** How an editorial-then-legal run ends; one whose request was withdrawn ends as cancelled. */
export type EditorialThenLegalResult =
  | { status: "published"; approvals: Desk[] }
  | { status: `rejected_by_${Desk}` | `timed_out_at_${Desk}` };

/** How long each desk has. */
const waits = { editorial: "48h", legal: "72h" } as const;

/** Publishes an article once editorial and then legal have agreed, days apart perhaps; the first no ends it. */
export function editorialThenLegal(): Workflow<Article, EditorialThenLegalResult> {
  return workflow("editorial-then-legal", { version: 1, input: editorialThenLegalInput }, async (run, article) => {
    for (const desk of ["editorial", "legal"] as const) {
      const review = await ask(run, article, desk);
      if (review.status === "timed_out") return { status: `timed_out_at_${desk}` };
      if (review.approved) continue;
      if (review.status === "cancelled") throw new NotApprovedError(review);
      return { status: `rejected_by_${desk}` };
    }
    await run.step("publish", () => ({ url: `https://blog.acme.example/${encodeURIComponent(article.title)}` }));
    return { status: "published", approvals: ["editorial", "legal"] };
  });
}

function ask(run: RunContext, { title, text }: Article, desk: Desk) {
  return run.approval(desk, {
    title: `Publish “${title}”`,
    requestedBy: run.owner && { ...run.owner, kind: "user" },
    content: [{ type: "markdown", title, text }],
    labels: { approve: "Publish", reject: "Send back" },
    reviewers: { groups: [desk] },
    timeout: waits[desk],
    tags: ["articles"],
  });
}
