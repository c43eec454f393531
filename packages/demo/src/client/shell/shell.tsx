import { useCounts } from "@holdpoint/react";
import type { ReactElement, ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { useSession, useSessionControl } from "../session/session-context.tsx";
import { Avatar } from "./avatar.tsx";
import { Brand } from "./brand.tsx";
import { ConnectionNotice } from "./connection-notice.tsx";

/** The frame around every page: where one is, what waits for one, and who one is. */
export function Shell({ children }: { children: ReactNode }): ReactElement {
  // The inbox says it itself.
  const [inInbox] = useRoute("/inbox/*?");
  return (
    <div className="shell">
      <header className="topbar">
        <Brand />
        <nav className="topbar-nav" aria-label="Pages">
          <NavLink to="/inbox">
            Inbox <InboxBadge />
          </NavLink>
          <NavLink to="/runs">Runs</NavLink>
          <NavLink to="/start">Start a run</NavLink>
          <NavLink to="/mail">Sent mail</NavLink>
        </nav>
        {!inInbox && <ConnectionNotice />}
        <WhoAmI />
      </header>
      {children}
    </div>
  );
}

function NavLink({ to, children }: { to: string; children: ReactNode }): ReactElement {
  const [here] = useRoute(`${to}/*?`);
  return (
    <Link href={to} className="nav-link" aria-current={here ? "page" : undefined}>
      {children}
    </Link>
  );
}

/** How many approvals the viewer can move on. */
function InboxBadge(): ReactElement | null {
  const counts = useCounts();
  if (!counts || counts.mine === 0) return null;
  return (
    <span className="badge">
      {counts.mine}
      <span className="visually-hidden"> waiting for you</span>
    </span>
  );
}

function WhoAmI(): ReactElement {
  const { person, company } = useSession();
  const { signOut } = useSessionControl();
  return (
    <div className="whoami">
      <Avatar name={person.name} />
      <p className="whoami-text">
        <b>{person.name}</b>
        <span>
          {company.name}, {person.role}
        </span>
      </p>
      <button type="button" className="button small" onClick={signOut}>
        Switch person
      </button>
    </div>
  );
}
