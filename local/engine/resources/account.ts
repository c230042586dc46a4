import { account } from "../aws.ts";
import type { LocalCall } from "../resource.ts";

export const getCallerIdentity: LocalCall = () => ({
  id: account,
  accountId: account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
});

export const getPartition: LocalCall = () => ({
  id: "aws",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  reverseDnsPrefix: "com.amazonaws",
});

export const getRegion: LocalCall = ({ region, name }, world) => {
  const asked = region ?? name ?? world.region;
  return { id: asked, region: asked, name: asked, description: asked, endpoint: `ec2.${asked}.amazonaws.com` };
};

/** Three zones in every Region, whatever is asked for. */
export const getAvailabilityZones: LocalCall = (inputs, world) => {
  const region = String(inputs.region ?? world.region);
  const short = region.replace(/^([a-z]{2})-([a-z])[a-z-]*-(\d)$/, "$1$2$3");
  return {
    ...inputs,
    id: region,
    region,
    names: ["a", "b", "c"].map((letter) => `${region}${letter}`),
    zoneIds: [1, 2, 3].map((number) => `${short}-az${number}`),
    groupNames: [region],
  };
};
