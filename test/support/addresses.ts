import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";

/**
 * The addresses of this machine at which something can be reached that listens to every interface, but for 127.0.0.1 itself.
 * That each of them is reached in this way, and that there is one, is tried out first: who asks them has really asked.
 */
export async function otherAddresses(): Promise<readonly string[]> {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  // The whole of 127.0.0.0/8 is the machine's own on Linux, so that there is a second address on every one.
  const candidates = new Set(["127.0.0.2", "::1", ...own.map(({ address }) => address)]);
  candidates.delete("127.0.0.1");
  const open = createServer().listen(0);
  await once(open, "listening");
  const { port } = open.address() as AddressInfo;
  const asked = await Promise.all([...candidates].map(async (host) => ((await answers(host, port)) ? [host] : [])));
  open.close();
  const found = asked.flat();
  if (found.length === 0) throw new Error("this machine has no second address to ask from, so nothing can be said");
  return found;
}

/** Whether a connection to a port is accepted at an address. */
export async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false; // refused, unreachable, or without an answer: nobody is there
  } finally {
    socket.destroy();
  }
}
