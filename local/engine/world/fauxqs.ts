import { buildApp } from "fauxqs";

/** A running stand-in for SQS, SNS, S3 and STS. */
export interface Fauxqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts fauxqs on a free port of the loopback interface; its own `startFauxqs` would listen to the whole network. */
export async function startFauxqs(): Promise<Fauxqs> {
  await acceptAstralCharacters();
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port: 0, host: "127.0.0.1" });
  return { endpoint, stop: () => app.close() };
}

/**
 * Lets every fauxqs of this process accept message bodies with characters above U+FFFF, as SQS does: its own pattern looks at
 * the halves of their surrogate pairs and refuses those. Throws when fauxqs has no such pattern anymore.
 */
export async function acceptAstralCharacters(): Promise<void> {
  const { INVALID_MESSAGE_BODY_CHAR: refused } = await import(
    new URL("sqs/sqsTypes.js", import.meta.resolve("fauxqs")).href
  );
  if (!(refused instanceof RegExp)) throw new Error("This version of fauxqs checks message bodies in another way.");
  refused.test = (body) => !/^[\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(body);
}
