// What the Pulumi CLI loads, on whatever Node it finds. The program is index.ts, which takes a Node that runs TypeScript:
// an older one could say no more than that it does not know the file's extension.
import * as pulumi from "@pulumi/pulumi";

/** The program's outputs; an error that says what is needed on a Node that cannot run it. */
export default async () => {
  if (!process.features.typescript) {
    throw new pulumi.RunError(
      `This program needs a Node.js that runs TypeScript, which is 22.18, 23.6 or newer, and the Pulumi CLI found ${process.versions.node} (${process.execPath}). Put a newer one on the PATH, or say \`npm run preview\` and \`npm run up\`: these use the Node.js that \`npm ci\` has installed with the packages.`,
    );
  }
  return { ...(await import("./index.ts")) };
};
