import {
  createContext,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { rememberedPerson, type Session, signIn, signOut } from "./session.ts";

/** Who is signed in, and how to change that. */
export interface SessionControl {
  /** `restoring`: a person is remembered and is being signed in again. */
  state: "restoring" | "signed-out" | "signed-in";
  session: Session | null;
  signIn(personId: string): Promise<void>;
  signOut(): void;
}

const SessionContext = createContext<SessionControl | null>(null);

/** Keeps the session of this window and restores it after a reload. */
export function SessionProvider({ children }: { children: ReactNode }): ReactElement {
  const [session, setSession] = useState<Session | null>(null);
  const [restoring, setRestoring] = useState(() => rememberedPerson() !== null);

  useEffect(() => {
    const person = rememberedPerson();
    if (person === null) return;
    let wanted = true;
    signIn(person)
      .then((restored) => wanted && setSession(restored))
      .catch(() => wanted && setSession(null))
      .finally(() => wanted && setRestoring(false));
    return () => {
      wanted = false;
    };
  }, []);

  const enter = useCallback(async (personId: string) => setSession(await signIn(personId)), []);
  const leave = useCallback(() => {
    signOut();
    setSession(null);
  }, []);
  const control = useMemo<SessionControl>(() => {
    const state = restoring ? "restoring" : session ? "signed-in" : "signed-out";
    return { state, session, signIn: enter, signOut: leave };
  }, [restoring, session, enter, leave]);

  return <SessionContext value={control}>{children}</SessionContext>;
}

/** Who is signed in, and how to change that. */
export function useSessionControl(): SessionControl {
  const control = useContext(SessionContext);
  if (!control) throw new Error("useSessionControl needs a SessionProvider around it.");
  return control;
}

/** The session of a page that only signed-in people get to. */
export function useSession(): Session {
  const { session } = useSessionControl();
  if (!session) throw new Error("useSession is for pages behind the sign-in.");
  return session;
}
