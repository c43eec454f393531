/** Who an outreach mail is for, and what it is about. */
export interface Prospect {
  name: string;
  email: string;
  company: string;
  /** What the sender wants said; may be empty. */
  note: string;
}

/** The words of a mail. */
export interface Draft {
  subject: string;
  body: string;
}

/** Writes first drafts of outreach mails. */
export interface Drafter {
  /** Who wrote, for the reviewer: "a template" or "the model …". */
  readonly source: string;
  draft(prospect: Prospect, senderName: string, signal: AbortSignal): Promise<Draft>;
}
