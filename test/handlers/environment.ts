const identity = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };

/** Gives AWS clients made from now on an identity and the given endpoints; answers with what takes them back. */
export function withEnvironment(endpoints: Readonly<Record<string, string>>): () => void {
  const wanted = { ...identity, ...endpoints };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
