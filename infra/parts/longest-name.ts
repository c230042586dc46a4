/** What Pulumi puts behind a logical name to make a physical one: a hyphen and seven hexadecimal digits. */
const suffixLength = 8;

/**
 * The most characters of a name that Pulumi makes.
 * @param logicalName of the resource
 * @param limit the service's own
 * @param ending what the service asks for at the end
 */
export function longestName(logicalName: string, limit: number, ending = ""): number {
  return Math.min(limit, logicalName.length + suffixLength + ending.length);
}

/** The most characters of a bucket's name that Pulumi makes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. */
export function longestBucketName(logicalName: string): number {
  return longestName(logicalName, 63);
}
