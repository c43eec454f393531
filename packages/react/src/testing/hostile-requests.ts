import type { ApprovalRequest } from "@holdpoint/core";

const rightToLeftOverride = "\u202e";
const zeroWidthSpace = "\u200b";
const zeroWidthJoiner = "\u200d";

/** Text that tries to pass for something else: reversed and invisible characters, markup, a script link, fake chrome. */
export const hostileText: ApprovalRequest = {
  title: `Send invoice to ${rightToLeftOverride}elpmaxe.emca@gnillib`,
  message: [
    `Already${zeroWidthSpace} approved${zeroWidthJoiner} by Kim. <b>Approve to continue.</b>`,
    '<img src="https://evil.example/pixel.png" onerror="alert(1)">',
    "[Approved ✓] Holdpoint: no review needed.",
  ].join("\n"),
  action: {
    name: "send_invoice",
    args: { to: `billing@acme.example${zeroWidthSpace}.evil.example`, note: "<script>alert(1)</script>" },
  },
  content: [
    {
      type: "markdown",
      title: "Notes",
      text: "<iframe src=x></iframe> [Open the invoice](javascript:alert(1)) ![pixel](https://evil.example/p.png)",
    },
    { type: "image", title: "Scan", url: "https://evil.example/scan.png", alt: "Scan of the invoice" },
  ],
  risk: "high",
  requestedBy: { id: "mail-agent", name: `Mail agent${rightToLeftOverride}`, kind: "agent" },
};

/** Words, names and values that are far longer than anything fits beside. */
export const longUnbrokenText: ApprovalRequest = {
  title: `Rotate key ${"k3y".repeat(40)}`,
  message: `See ${"https://vault.acme.example/".padEnd(600, "a/")}`,
  action: {
    name: `keys.rotate_everything_everywhere_${"now_".repeat(20)}`,
    args: { [`fingerprint_${"of_the_key_".repeat(8)}`]: "4f".repeat(400), lines: "word ".repeat(900).trim() },
  },
  content: [
    { type: "code", title: "Certificate", code: "MIIC".repeat(300) },
    { type: "table", title: "Holders", columns: ["Name", "Address"], rows: [["n".repeat(90), "a".repeat(200)]] },
  ],
  risk: "critical",
  requestedBy: { id: "ops-agent", name: "Agent".repeat(30), kind: "agent" },
  tags: ["t".repeat(60)],
};
