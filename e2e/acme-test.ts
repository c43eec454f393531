import { type Client, createClient } from "@holdpoint/client";
import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { AcmeServer } from "./acme-server.ts";

/** People of the demo: the first four work at Acme, the last one at Globex. */
export type PersonName = "Mia Stone" | "Leo Tran" | "Bo Kern" | "Kim Park" | "Sam Okafor" | "Gus Lind";

/** A running Acme Ops and the windows opened on it. */
export class Acme {
  readonly server: AcmeServer;
  readonly #browser: Browser;
  /** What no page may do: throw, or break the content security policy. */
  readonly faults: string[] = [];

  constructor(server: AcmeServer, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  /** A new window in which `name` has signed in; it shows the inbox. */
  async open(name: PersonName): Promise<Page> {
    const page = await this.openSignIn();
    await page.getByRole("button", { name }).click();
    await expect(page.getByRole("heading", { name: "Needs your attention" })).toBeVisible();
    return page;
  }

  /** A new window in which nobody has signed in. */
  async openSignIn(): Promise<Page> {
    const context = await this.#browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) this.faults.push(message.text());
    });
    await page.goto(this.server.url);
    return page;
  }

  /** The API as the person with this id. */
  client(personId: string): Client {
    return createClient({ url: `${this.server.url}/api`, getToken: () => this.#token(personId) });
  }

  async #token(personId: string): Promise<string> {
    const response = await fetch(`${this.server.url}/demo/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ personId }),
    });
    const { token } = (await response.json()) as { token: string };
    return token;
  }
}

/** A test with a server of its own. Fails too when a page threw or the server did not stop cleanly. */
export const test = base.extend<{ acme: Acme }>({
  acme: async ({ browser }, use) => {
    const server = await AcmeServer.start();
    const acme = new Acme(server, browser);
    await use(acme);
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(await server.stop(), "exit code after SIGTERM").toBe(0);
    expect(acme.faults).toEqual([]);
  },
});

export { expect };
