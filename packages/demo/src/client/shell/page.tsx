import { type ReactElement, type ReactNode, useEffect } from "react";

/** A page with a heading; also names the browser's tab. */
export function Page({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}): ReactElement {
  useTitle(title);
  return (
    <main className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {lead && <p>{lead}</p>}
      </div>
      {children}
    </main>
  );
}

/** Names the browser's tab while the page is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Acme Ops`;
  }, [title]);
}
