import { HoldpointProvider } from "@holdpoint/react";
import type { ReactElement } from "react";
import { Redirect, Route, Switch } from "wouter";
import { InboxPage } from "./pages/inbox-page.tsx";
import { MailPage } from "./pages/mail-page.tsx";
import { RunPage } from "./pages/run-page.tsx";
import { RunsPage } from "./pages/runs-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { StartPage } from "./pages/start-page.tsx";
import { SessionProvider, useSessionControl } from "./session/session-context.tsx";
import { Shell } from "./shell/shell.tsx";

/** Acme Ops in the browser: the sign-in, and behind it the pages, with Holdpoint's provider around them. */
export function App(): ReactElement {
  return (
    <SessionProvider>
      <SignedInOrNot />
    </SessionProvider>
  );
}

function SignedInOrNot(): ReactElement | null {
  const { state, session } = useSessionControl();
  if (state === "restoring") return null;
  if (!session) return <SignInPage />;
  return (
    <HoldpointProvider url="/api" getToken={session.getToken} sessionKey={session.person.id}>
      <Shell>
        <Pages />
      </Shell>
    </HoldpointProvider>
  );
}

function Pages(): ReactElement {
  return (
    <Switch>
      <Route path="/inbox/:id?">{({ id }) => <InboxPage openId={id} />}</Route>
      <Route path="/runs" component={RunsPage} />
      <Route path="/runs/:id">{({ id }) => <RunPage id={id} />}</Route>
      <Route path="/start/:workflow?">{({ workflow }) => <StartPage workflow={workflow} />}</Route>
      <Route path="/mail" component={MailPage} />
      <Route>
        <Redirect to="/inbox" replace />
      </Route>
    </Switch>
  );
}
