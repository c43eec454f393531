import { type ReactElement, useCallback, useState } from "react";
import type { Company, DemoPerson, Listing } from "../../acme-api.ts";
import { requestJson } from "../request.ts";
import { useSessionControl } from "../session/session-context.tsx";
import { Avatar } from "../shell/avatar.tsx";
import { Brand } from "../shell/brand.tsx";
import { LoadNotice } from "../shell/load-notice.tsx";
import { useTitle } from "../shell/page.tsx";
import { useLoaded } from "../use-loaded.ts";

const retryMs = 5_000;

/** The demo's sign-in: choose who to be. */
export function SignInPage(): ReactElement {
  useTitle("Sign in");
  const load = useCallback((signal: AbortSignal) => requestJson<Listing<Company>>("/demo/companies", { signal }), []);
  const companies = useLoaded(load, retryMs);
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <Brand />
        <h1>Who are you today?</h1>
        <p>
          This is the demo's sign-in: no password, anyone may be anyone. Open a second window to be two people at once.
        </p>
      </div>
      <LoadNotice of={companies} />
      {companies.value?.items.map((company) => (
        <CompanyPeople key={company.id} company={company} />
      ))}
    </main>
  );
}

function CompanyPeople({ company }: { company: Company }): ReactElement {
  return (
    <section aria-labelledby={`company-${company.id}`}>
      <h2 id={`company-${company.id}`}>{company.name}</h2>
      <ul className="people">
        {company.people.map((person) => (
          <li key={person.id}>
            <PersonButton person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PersonButton({ person }: { person: DemoPerson }): ReactElement {
  const { signIn } = useSessionControl();
  const [error, setError] = useState<string>();
  const enter = () => signIn(person.id).catch((reason: Error) => setError(reason.message));
  return (
    <>
      <button type="button" className="person" onClick={enter}>
        <Avatar name={person.name} />
        <span className="person-text">
          <b>{person.name}</b>
          <span>{[person.role, ...person.groups].join(", ")}</span>
        </span>
      </button>
      {error && (
        <p className="notice" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
