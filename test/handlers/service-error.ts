/** An error as the SDK throws it when a service answers with the code. */
export function serviceError(code: string, httpStatusCode = 400): Error {
  return Object.assign(new Error("broken"), { name: code, $metadata: { httpStatusCode } });
}
