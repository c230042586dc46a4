import { type CodedDestination, connectedDestinations } from "../../handlers/core/destinations.ts";
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

/** The file of a function's code that says what it is connected with. */
const file = "destinations.json";

/** What a function is connected with, by destination. */
export function connections(engine: Engine, functionName: string): Readonly<Record<string, Connected>> {
  const { environment, coded } = codedIn(engine, functionName);
  return connectedDestinations(coded, environment.DESTINATIONS) as Readonly<Record<string, Connected>>;
}

/** Connects a destination of a function with other settings, as an update of the stack does. */
export async function reconnect(engine: Engine, functionName: string, name: string, settings: HandlerSettings) {
  const { target, coded } = codedIn(engine, functionName);
  await target.replaceCodeFile(file, JSON.stringify({ ...coded, [name]: { ...coded[name], settings } }));
}

function codedIn(engine: Engine, functionName: string) {
  const target = engine.functions.get(functionName)!;
  const coded: Readonly<Record<string, CodedDestination>> = JSON.parse(target.codeFile(file));
  return { target, environment: target.environment, coded };
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
