import type { NotificationChannel } from "@holdpoint/core";

/** Says on stdout which page a notification links to. */
const stdout: NotificationChannel = {
  async send({ url }) {
    process.stdout.write(`told ${url}\n`);
    return {};
  },
};

export default { channels: { stdout } };
