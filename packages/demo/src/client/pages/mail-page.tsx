import { type ReactElement, useCallback } from "react";
import type { Listing, SentMail } from "../../acme-api.ts";
import { requestJson } from "../request.ts";
import { useSession } from "../session/session-context.tsx";
import { LoadNotice } from "../shell/load-notice.tsx";
import { Moment } from "../shell/moment.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../use-loaded.ts";

const refreshMs = 2_000;

/** What the mailbox received over SMTP from the viewer's company. */
export function MailPage(): ReactElement {
  const { getToken, company } = useSession();
  const load = useCallback(
    async (signal: AbortSignal) => requestJson<Listing<SentMail>>("/demo/mail", { token: await getToken(), signal }),
    [getToken],
  );
  const mails = useLoaded(load, refreshMs);
  return (
    <Page title="Sent mail" lead={`Everything that left ${company.domain} over SMTP, newest first.`}>
      <LoadNotice of={mails} />
      {mails.value?.items.length === 0 && <p className="empty">Nothing was sent yet.</p>}
      <ul className="stack">
        {mails.value?.items.map((mail) => (
          <li key={mail.id}>
            <Mail mail={mail} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function Mail({ mail }: { mail: SentMail }): ReactElement {
  return (
    <article className="panel mail" aria-label={mail.subject}>
      <dl className="mail-head">
        <dt>From</dt>
        <dd>{mail.from}</dd>
        <dt>To</dt>
        <dd>{mail.to.join(", ")}</dd>
        <dt>Subject</dt>
        <dd>
          <b>{mail.subject}</b>
        </dd>
        <dt>Received</dt>
        <dd>
          <Moment at={mail.receivedAt} />
        </dd>
      </dl>
      <p className="mail-body">{mail.text}</p>
    </article>
  );
}
