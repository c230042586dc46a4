import { randomUUID } from "node:crypto";
import type * as aws from "@pulumi/aws";
import { arn, physicalName } from "../aws.ts";
import { accept, type LocalResource, placeholder } from "../resource.ts";

/** A key has an id only: nothing is encrypted on this machine, and there is no KMS to call. */
export const key = placeholder<aws.kms.KeyArgs>(
  [
    "bypassPolicyLockoutSafetyCheck",
    "customerMasterKeySpec",
    "deletionWindowInDays",
    "description",
    "enableKeyRotation",
    "isEnabled",
    "keyUsage",
    "multiRegion",
    "policy",
    "rotationPeriodInDays",
    "tags",
  ],
  ({ region }) => {
    const keyId = randomUUID();
    return { id: keyId, outputs: { keyId, arn: arn("kms", region, `key/${keyId}`) } };
  },
);

/** Another name of a key. */
export const alias: LocalResource = {
  create(registration) {
    const args = accept<aws.kms.AliasArgs>(registration, { used: ["name", "namePrefix", "targetKeyId"] });
    const made = physicalName(registration, { limit: 250 });
    const name = made.startsWith("alias/") ? made : `alias/${made}`;
    const targetKeyId = args.targetKeyId.split("/").at(-1) ?? "";
    const { region } = registration;
    return {
      id: name,
      outputs: { name, arn: arn("kms", region, name), targetKeyArn: arn("kms", region, `key/${targetKeyId}`) },
    };
  },
};
