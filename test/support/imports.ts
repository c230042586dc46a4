import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

/** One file's use of another. */
export interface Import {
  readonly from: string;
  /** The file, from the repository's root, or the package or module of Node. */
  readonly to: string;
  /** Whether nothing is left of it when the program runs. */
  readonly typeOnly: boolean;
}

const root = join(import.meta.dirname, "../..");

/** The program's own files: all but the tests. */
export function sourceFiles(): readonly string[] {
  return globSync(["index.ts", "{infra,handlers,operate,terminal,local,bench}/**/*.ts"], { cwd: root }).toSorted();
}

/** What a file imports, exports on, or loads by `import()` under a name that is written out. */
export function importsOf(file: string): readonly Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    found.push({ from: file, to: text.startsWith(".") ? normalize(join(dirname(file), text)) : text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false; // for its effects
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  if (clause.name !== undefined) return false;
  const { namedBindings } = clause;
  return (
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((one) => one.isTypeOnly)
  );
}

/** The files that import each other in a circle with this one, types included; undefined if there is none. */
export function circleOf(
  file: string,
  imports: ReadonlyMap<string, readonly Import[]>,
  path: readonly string[] = [],
  seen = new Set<string>(),
): readonly string[] | undefined {
  if (path.length > 0 && file === path[0]) return path;
  if (seen.has(file)) return undefined;
  seen.add(file);
  for (const { to } of imports.get(file) ?? []) {
    const found = circleOf(to, imports, [...path, file], seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
