import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = globSync(".github/{workflows,actions}/**/*.yml", { cwd: root });

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The steps of a workflow's jobs, or of an action of this repository. */
function steps(path: string): readonly Step[] {
  const { jobs, runs } = parse(read(path)) as { jobs?: Record<string, { steps: Step[] }>; runs?: { steps: Step[] } };
  return [...Object.values(jobs ?? {}), ...(runs === undefined ? [] : [runs])].flatMap((each) => each.steps);
}

const stepsUsing = (action: string) =>
  files.flatMap(steps).filter(({ uses = "" }) => uses === action || uses.startsWith(`${action}@`));

/** The first major version of each action that runs on Node 24, as its `action.yml` says; Node 20 has ended. */
const leastMajor: Readonly<Record<string, number>> = {
  "actions/checkout": 5,
  "actions/setup-java": 5,
  "actions/setup-node": 5,
  "aws-actions/configure-aws-credentials": 6,
  "pulumi/actions": 7,
  "pulumi/auth-actions": 2,
};

describe("the workflows", () => {
  const lines = files.flatMap((path) =>
    read(path)
      .split("\n")
      .filter((line) => /\buses:/.test(line) && !/uses: \.\//.test(line)),
  );
  const pinned = lines.map(
    (line) => /\buses: (?<action>\S+)@(?<commit>[0-9a-f]{40}) # v(?<major>\d+)\.\d+\.\d+$/.exec(line)?.groups,
  );

  it("take every action at a commit, which nobody can move, and say which version it is", () => {
    expect(files).to.include.members([".github/workflows/up.yml", ".github/actions/sign-in/action.yml"]);
    expect(lines.filter((_, index) => pinned[index] === undefined)).to.deep.equal([]);
    expect(lines.length).to.equal(
      files.flatMap(steps).filter(({ uses }) => uses !== undefined && !uses.startsWith("./")).length,
    );
  });

  it("take an action at one commit everywhere", () => {
    const commits = Map.groupBy(pinned, (each) => each?.action);
    for (const [action, all] of commits) expect(new Set(all.map((each) => each?.commit)).size, action).to.equal(1);
  });

  it("run every action on a Node that is supported, and the program on the one that it is made for", () => {
    for (const each of pinned) {
      expect(leastMajor, "the first version on a supported Node").to.have.property(each?.action ?? "");
      expect(Number(each?.major), each?.action).to.be.at.least(leastMajor[each?.action ?? ""]!);
    }
    const { node } = JSON.parse(read("package.json")).dependencies;
    const setups = stepsUsing("actions/setup-node");
    expect(setups).to.not.be.empty;
    for (const step of setups) expect(step.with?.["node-version"]).to.equal(Number.parseInt(node, 10));
  });

  it("leave no credentials of the repository behind", () => {
    const checkouts = stepsUsing("actions/checkout");
    expect(checkouts).to.not.be.empty;
    for (const step of checkouts) expect(step.with).to.include({ "persist-credentials": false });
  });

  it("have their actions kept up to date, wherever they use one", () => {
    const { updates } = parse(read(".github/dependabot.yml"));
    const [{ directories }] = updates.filter(
      (one: Record<string, unknown>) => one["package-ecosystem"] === "github-actions",
    );
    const folders = files.map((path) => (path.startsWith(".github/workflows/") ? "/" : `/${dirname(path)}`));
    expect(directories).to.have.members([...new Set(folders)]);
  });

  it("keep the summary in a pull request's comment, however long the preview is", () => {
    const [preview, ...others] = steps(".github/workflows/preview.yml").filter(({ uses }) =>
      uses?.startsWith("pulumi/actions@"),
    );
    expect(others).to.deep.equal([]);
    expect(preview?.with).to.include({ command: "preview", "comment-on-pr": true, "always-include-summary": true });
  });
});
