import type { Image } from "../../../handlers/core/contract.ts";
import { decodeImage } from "../../../handlers/core/image-json.ts";
import { conformance, type StateSubject } from "../../support/conformance.ts";
import { oversizeConformance } from "../../support/oversize-conformance.ts";
import { change } from "../changes.ts";
import { startWarehouse, type Warehouse } from "./redshift/warehouse.ts";

describe("redshift", () => {
  let warehouse: Warehouse;
  let subject: StateSubject;

  before(async () => {
    warehouse = await startWarehouse(1);
    subject = { deliver: warehouse.connect(), fault: warehouse.fault, holds: "state", items: currentView };
  });

  after(() => warehouse.stop());

  beforeEach(() => warehouse.reset());

  /** The newest version of each key, unless it is a removal. */
  const currentView = async (): Promise<ReadonlyMap<string, Image>> => {
    const sorted = warehouse.rows().toSorted((one, other) => (one.version < other.version ? -1 : 1));
    const newest = new Map(sorted.map((row) => [row.key_hash, row]));
    const shown = [...newest]
      .filter(([, row]) => row.operation !== "REMOVE")
      .map(async ([hash, { claim_check, ...row }]): Promise<[string, Image]> => {
        const { new_image } = claim_check === undefined ? row : JSON.parse(await warehouse.store.readUri(claim_check));
        return [hash, decodeImage(new_image, "new_image")];
      });
    return new Map(await Promise.all(shown));
  };

  const long = { text: { S: "x".repeat(65_536) } };
  const poison = { make: (id: string) => change({ id, after: long }), reason: /longer than the 65,535 bytes/ };
  conformance("redshift", () => subject, poison);
  oversizeConformance("redshift", () => subject);
});
