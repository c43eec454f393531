import type { Person } from "@holdpoint/core";
import type { Company, DemoPerson } from "../acme-api.ts";

/** The two tenants of the demo. Nothing of one reaches the other. */
export const companies: readonly Company[] = [
  {
    id: "acme",
    name: "Acme",
    domain: "acme.example",
    people: [
      { id: "mia", name: "Mia Stone", role: "reviewer", groups: ["sales"] },
      { id: "leo", name: "Leo Tran", role: "reviewer", groups: ["legal"] },
      { id: "bo", name: "Bo Kern", role: "reviewer", groups: ["engineering"] },
      { id: "eli", name: "Eli Brandt", role: "reviewer", groups: ["editorial"] },
      { id: "kim", name: "Kim Park", role: "admin", groups: [] },
      { id: "sam", name: "Sam Okafor", role: "requester", groups: [] },
    ],
  },
  {
    id: "globex",
    name: "Globex",
    domain: "globex.example",
    people: [
      { id: "gus", name: "Gus Lind", role: "reviewer", groups: ["sales", "engineering"] },
      { id: "ida", name: "Ida Moreau", role: "admin", groups: [] },
    ],
  },
];

/** The person with this id and where they work; undefined for nobody. */
export function findPerson(id: string): { person: DemoPerson; company: Company } | undefined {
  for (const company of companies) {
    const person = company.people.find((candidate) => candidate.id === id);
    if (person) return { person, company };
  }
  return undefined;
}

/** The company that a tenant id stands for. */
export function companyOf(tenantId: string): Company {
  const company = companies.find((candidate) => candidate.id === tenantId);
  if (!company) throw new Error(`No company has the tenant id "${tenantId}".`);
  return company;
}

/** The mail address of whoever started a run; the company's own when no person did. */
export function senderAddress(tenantId: string, sender: Person | undefined): string {
  const { name, domain } = companyOf(tenantId);
  return sender ? `${sender.name ?? sender.id} <${sender.id}@${domain}>` : `${name} <hello@${domain}>`;
}
