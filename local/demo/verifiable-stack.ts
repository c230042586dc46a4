import type { KindName } from "../../infra/kinds.ts";
import { rememberMessages } from "../../operate/compare/messages.ts";
import type { HandlerSettings } from "../../operate/kind.ts";
import type { VerifiableStack } from "../../operate/verify/verify-destinations.ts";
import type { Engine } from "../engine/engine.ts";

/** A destination as its function knows it. */
interface Connected {
  readonly kind: KindName;
  readonly settings: HandlerSettings;
}

/** What a function is connected with, by destination: the variable that the program gives it. */
export function connections(engine: Engine, functionName: string): Readonly<Record<string, Connected>> {
  return JSON.parse(engine.functions.get(functionName)!.environment.DESTINATIONS!);
}

/** A stack on this machine, as its verification reaches it. It remembers the messages that it takes off queues, for the next verification. */
export function verifiableStack(engine: Engine): VerifiableStack {
  const { region, clients } = engine;
  return {
    region,
    clients,
    clientsFor: (other) => engine.clientsFor(other),
    query(sql) {
      if (engine.redshift === undefined) throw new Error("the program has a destination with tables, but no warehouse");
      return engine.redshift.query(sql);
    },
    messages: rememberMessages(clients.sqs),
    async filterOf(uuid) {
      const { mapping } = engine.mappings.get(uuid)!;
      return (record) => mapping.passes(record);
    },
    settingsOf: async (functionName, destination) => connections(engine, functionName)[destination]!.settings,
  };
}
