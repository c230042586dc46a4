/** Stops each stage's parts together, and one stage after the other, whatever fails. */
export async function inStages(stages: readonly (() => readonly { stop(): Promise<unknown> }[])[]): Promise<void> {
  const problems: unknown[] = [];
  for (const stage of stages) {
    const endings = await Promise.allSettled(stage().map(async (part) => part.stop()));
    for (const ending of endings) if (ending.status === "rejected") problems.push(ending.reason);
  }
  if (problems.length === 0) return;
  const reasons = problems.map((problem) => (problem instanceof Error ? problem.message : String(problem)));
  throw new AggregateError(problems, `not everything could be stopped: ${reasons.join("; ")}`);
}
