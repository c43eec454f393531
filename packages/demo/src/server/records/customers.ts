import { join } from "node:path";
import type { Customer } from "../../acme-api.ts";
import { openJsonFile } from "./json-file.ts";

/** The customers table of each tenant. */
export interface Customers {
  list(tenantId: string): Customer[];
  find(tenantId: string, id: string): Customer | undefined;
  /** Deletes a customer; deleting one that is gone changes nothing. */
  remove(tenantId: string, id: string): Promise<void>;
}

const firstCustomers: Record<string, Customer[]> = {
  acme: [
    { id: "cus_1041", name: "Nordwind GmbH", email: "office@nordwind.example", linkedRecords: 3112 },
    { id: "cus_1042", name: "Casa Olmo", email: "ana@casaolmo.example", linkedRecords: 48 },
    { id: "cus_1043", name: "Fjord & Sons", email: "post@fjordsons.example", linkedRecords: 907 },
  ],
  globex: [{ id: "cus_2001", name: "Initech", email: "bill@initech.example", linkedRecords: 610 }],
};

/** Opens the table that is kept in `folder`. */
export async function openCustomers(folder: string): Promise<Customers> {
  const file = await openJsonFile(join(folder, "customers.json"), firstCustomers);
  const list = (tenantId: string) => file.read()[tenantId] ?? [];
  return {
    list,
    find: (tenantId, id) => list(tenantId).find((customer) => customer.id === id),
    remove: (tenantId, id) =>
      file.change((all) => ({ ...all, [tenantId]: list(tenantId).filter((customer) => customer.id !== id) })),
  };
}
