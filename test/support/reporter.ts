import Mocha from "mocha";
import { allFigures } from "./common.ts";

/** A dot a test; in the end what the tests have measured, and then the summary. */
export default class FiguresReporter extends Mocha.reporters.Dot {
  override epilogue(): void {
    const figures = allFigures();
    if (figures !== undefined) console.log(`\n\n${figures}`);
    super.epilogue();
  }
}
