let users = 0;
let own: string | undefined;

/**
 * Has this process, and with it all of its threads, run in UTC, as Lambda does, until what this returns has been called: threads have
 * environments of their own, but no time zone.
 */
export function runInUtc(): () => void {
  if (users === 0) {
    own = process.env.TZ;
    process.env.TZ = "UTC";
  }
  users += 1;
  let over = false;
  return () => {
    if (over) return;
    over = true;
    users -= 1;
    if (users > 0) return;
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  };
}
