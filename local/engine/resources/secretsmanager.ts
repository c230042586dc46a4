import { randomUUID } from "node:crypto";
import type * as aws from "@pulumi/aws";
import { arn, hex, physicalName } from "../aws.ts";
import { accept, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";

/** A secret, without a value yet. */
export const secret: LocalResource = {
  create(registration) {
    accept<aws.secretsmanager.SecretArgs>(registration, {
      used: ["name", "namePrefix"],
      ignored: ["description", "forceOverwriteReplicaSecret", "kmsKeyId", "policy", "recoveryWindowInDays", "tags"],
    });
    const name = physicalName(registration, { limit: 512 });
    const made = secretArn(registration.region, name);
    return { id: made, outputs: { name, arn: made } };
  },
};

/** A secret's value. */
export const secretVersion: LocalResource = {
  create(registration, world) {
    const args = accept<aws.secretsmanager.SecretVersionArgs>(registration, {
      used: ["secretId", "secretString"],
      ignored: ["versionStages"],
    });
    const versionId = randomUUID();
    world.secrets.set(args.secretId, args.secretString ?? "");
    return {
      id: `${args.secretId}|${versionId}`,
      outputs: { arn: args.secretId, versionId, versionStages: ["AWSCURRENT"] },
    };
  },
};

/** Keeps a secret that a service makes on its own. */
export function keepSecret(world: World, region: string, name: string, value: string): string {
  const made = secretArn(region, name);
  world.secrets.set(made, value);
  return made;
}

function secretArn(region: string, name: string): string {
  return arn("secretsmanager", region, `secret:${name}-${hex(6)}`);
}
