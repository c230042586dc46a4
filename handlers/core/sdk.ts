/**
 * What every AWS client of a destination is made with.
 *
 * - One attempt: a destination repeats what failed itself, since only it knows which entries of a bulk call those are and
 *   how much time is left. Two layers of retries would multiply each other and hide their number from the log.
 * - Connections stay open between invocations, and there are as many as the destination makes calls at a time, so that
 *   no call ever waits for a socket with its time running.
 * - A connection that does not open within 2 s, or an answer that does not come within 10 s, is given up and the call
 *   made anew: the clients' own defaults wait for ever, and a whole invocation would be lost to one dead connection.
 *
 * @param concurrency calls that the destination makes at a time
 */
export function sdkOptions(concurrency: number) {
  const agent = { keepAlive: true, maxSockets: concurrency };
  return {
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
