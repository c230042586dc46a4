import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root, subjectFiles } from "./test-files.ts";

let versions = 0;
const replaced = new Map<string, { readonly text: string; readonly version: string }>();
let service: ts.LanguageService | undefined;

/** Whether the check of types refuses a file with the given text. */
export function typesRefuse(file: string, text: string): boolean {
  service ??= languageService();
  const path = join(root, file);
  versions += 1;
  replaced.set(path, { text, version: String(versions) });
  try {
    return [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)].length > 0;
  } finally {
    replaced.delete(path);
  }
}

function languageService(): ts.LanguageService {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ["index.ts"] }, ts.sys, root);
  const read = (path: string) => replaced.get(path)?.text ?? readFileSync(path, "utf8");
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => subjectFiles().map((file) => join(root, file)),
    getScriptVersion: (path) => replaced.get(path)?.version ?? "",
    getScriptSnapshot: (path) => (ts.sys.fileExists(path) ? ts.ScriptSnapshot.fromString(read(path)) : undefined),
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}
