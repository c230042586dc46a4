import ts from "typescript";

/** A program with one mistake in it. */
export interface Mutant {
  /** From 1. */
  readonly line: number;
  /** The whole line, without the spaces around it. */
  readonly code: string;
  /** What was written, and what stands there instead; both on one line, and cut. */
  readonly before: string;
  readonly after: string;
  /** The file's text with the mistake in it. */
  readonly text: string;
}

/** Other operators for each operator, by which a programmer may mistake it. */
const operators: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "+=": ["-="],
  "-=": ["+="],
  "??=": ["&&="],
};

/** The same for methods. */
const methods: Readonly<Record<string, string>> = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  startsWith: "endsWith",
  endsWith: "startsWith",
  findIndex: "findLastIndex",
  push: "unshift",
  shift: "pop",
  padStart: "padEnd",
};

/** Methods that may be forgotten: what they are called on stands there by itself. */
const forgotten = new Set([
  "filter",
  "slice",
  "sort",
  "toSorted",
  "reverse",
  "replace",
  "replaceAll",
  "trim",
  "toLowerCase",
]);

/**
 * All mutants of a TypeScript file: an operator or a method mistaken for another, a condition that always or never holds, a
 * value that is another, a call, an argument or a body left out. Types, imports and the messages of thrown errors stay.
 */
export function mutantsOf(text: string): readonly Mutant[] {
  const source = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
  const lines = text.split("\n");
  const found: Mutant[] = [];
  const replace = (node: ts.Node, after: string) => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const before = text.slice(start, end);
    if (before === after) return;
    const mutated = text.slice(0, start) + after + text.slice(end);
    found.push({ line, code: lines[line - 1]!.trim(), before: oneLine(before), after: oneLine(after), text: mutated });
  };
  const visit = (node: ts.Node): void => {
    if (isLeftAlone(node)) return;
    for (const [place, after] of mistakesAt(node, source)) replace(place, after);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isLeftAlone(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || isDeclaredOnly(node);
}

function isDeclaredOnly(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** The mistakes that can be made just here: what is replaced, and by what. */
function* mistakesAt(node: ts.Node, source: ts.SourceFile): Generator<readonly [ts.Node, string]> {
  const code = (one: ts.Node) => one.getText(source);
  for (const condition of conditionsOf(node)) yield* [[condition, "true"] as const, [condition, "false"] as const];
  if (ts.isBinaryExpression(node)) {
    for (const other of operators[code(node.operatorToken)] ?? []) yield [node.operatorToken, other];
  } else if (ts.isPrefixUnaryExpression(node) && node.operator !== ts.SyntaxKind.PlusToken) {
    yield* unary(node, code);
  } else if (ts.isPostfixUnaryExpression(node)) {
    yield [node, `${code(node.operand)}${node.operator === ts.SyntaxKind.PlusPlusToken ? "--" : "++"}`];
  } else if (ts.isNumericLiteral(node)) {
    const value = Number(node.text.replaceAll("_", ""));
    yield [node, String(value < 100 ? value + 1 : value * 2)];
  } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
    yield [node, node.kind === ts.SyntaxKind.TrueKeyword ? "false" : "true"];
  } else if (isText(node) && !isMessage(node)) {
    yield [node, code(node).length > 2 ? '""' : '"mutant"'];
  } else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isTarget(node)) {
    yield [node, "[]"];
  } else if (ts.isObjectLiteralExpression(node) && node.properties.length > 0 && !isTarget(node)) {
    yield [node, ts.isArrowFunction(node.parent) ? "({})" : "{}"];
  } else if (ts.isCallExpression(node)) {
    yield* call(node, code);
  } else if (ts.isNewExpression(node) && node.arguments?.length && !ts.isThrowStatement(node.parent)) {
    yield [node, `new ${code(node.expression)}(${node.arguments.slice(0, -1).map(code).join(", ")})`];
  } else if (ts.isExpressionStatement(node)) {
    yield [node, ";"];
  } else if (ts.isBlock(node) && node.statements.length > 1) {
    yield [node, "{}"];
  }
}

function conditionsOf(node: ts.Node): readonly ts.Expression[] {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return [node.expression];
  if (ts.isConditionalExpression(node) || (ts.isForStatement(node) && node.condition)) return [node.condition!];
  return [];
}

function* unary(
  node: ts.PrefixUnaryExpression,
  code: (node: ts.Node) => string,
): Generator<readonly [ts.Node, string]> {
  const operand = code(node.operand);
  if (node.operator === ts.SyntaxKind.PlusPlusToken) yield [node, `--${operand}`];
  else if (node.operator === ts.SyntaxKind.MinusMinusToken) yield [node, `++${operand}`];
  else yield [node, operand];
}

function* call(node: ts.CallExpression, code: (node: ts.Node) => string): Generator<readonly [ts.Node, string]> {
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression)) {
    const name = expression.name.text;
    if (Object.hasOwn(methods, name)) yield [expression.name, methods[name]!];
    if (forgotten.has(name)) yield [node, code(expression.expression)];
  }
  const last = node.arguments.at(-1);
  if (last === undefined || node.parent.kind === ts.SyntaxKind.ExpressionStatement) return;
  if (ts.isCallExpression(last) || ts.isObjectLiteralExpression(last)) yield [last, "undefined"];
}

function isText(node: ts.Node): node is ts.StringLiteral | ts.TemplateExpression | ts.NoSubstitutionTemplateLiteral {
  if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) return true;
  return ts.isStringLiteral(node) && !(ts.isPropertyAssignment(node.parent) && node.parent.name === node);
}

/** Whether a text is the message of an error that this program's own people read, such as `throw new Error("...")`. */
function isMessage(node: ts.Node): boolean {
  for (let one = node.parent; one !== undefined && !ts.isStatement(one); one = one.parent)
    if (ts.isNewExpression(one) && code(one.expression) === "Error") return true;
  return false;

  function code(one: ts.Node): string {
    return ts.isIdentifier(one) ? one.text : "";
  }
}

/** Whether a literal is what is assigned to, as in `[a, b] = pair`. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

function oneLine(code: string): string {
  const text = code.replace(/\s+/g, " ");
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
