import "@holdpoint/react/styles.css";
import "./page.css";
import { HoldpointLook, type LookOptions } from "@holdpoint/react";
import { fixtureNow } from "@holdpoint/react/testing";
import type { Decorator } from "@storybook/react-vite";

const now = () => fixtureNow;

/** The look that the toolbar and the story's `parameters.look` ask for, on a host's page at the fixtures' time. */
export const withLook: Decorator = (Story, { globals, parameters }) => {
  const look: LookOptions = { colorScheme: globals.theme, locale: "en", timeZone: "UTC", ...parameters.look };
  return (
    <HoldpointLook now={now} {...look}>
      <div className="page" data-theme={look.colorScheme} dir={look.dir} lang={look.locale}>
        <Story />
      </div>
    </HoldpointLook>
  );
};
