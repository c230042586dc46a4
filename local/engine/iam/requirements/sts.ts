import type { Requirements } from "../requirements.ts";

export const sts: Requirements = {
  // Everybody may ask who they are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  GetCallerIdentity: () => [],
};
