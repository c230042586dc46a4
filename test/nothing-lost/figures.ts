import { type Column, textTable } from "../../terminal/table.ts";
import type { Ran } from "./run-case.ts";

/** What all runs of a property come to. */
export class Figures {
  readonly #title: string;
  #runs = 0;
  #changes = 0;
  #invocations = 0;
  #faults = 0;
  #failureMessages = 0;
  #redriven = 0;
  readonly #begin = performance.now();
  #end = this.#begin;

  constructor(title: string) {
    this.#title = title;
  }

  add({ changes, invocations, faults, failureMessages, redriven }: Ran): void {
    this.#end = performance.now();
    this.#runs += 1;
    this.#changes += changes.length;
    this.#invocations += invocations;
    this.#faults += faults;
    this.#failureMessages += failureMessages;
    this.#redriven += redriven;
  }

  /** One line of the table: its title, and its numbers. */
  row(): readonly string[] {
    const seconds = (this.#end - this.#begin) / 1000;
    const numbers = [
      ...[this.#runs, this.#changes, this.#invocations, this.#faults],
      ...[this.#failureMessages, this.#redriven],
    ];
    return [this.#title, ...numbers.map((number) => number.toLocaleString("en")), `${seconds.toFixed(0)} s`];
  }
}

const titles = ["programs", "runs", "changes", "invocations", "faults", "failure messages", "redriven", "time"];
const columns = titles.map((title, i): Column<readonly string[]> => {
  return { title, value: (row) => row[i]!, align: i === 0 ? "left" : "right" };
});

/** The figures as a table. */
export function figuresTable(all: readonly Figures[]): string {
  return textTable(
    columns,
    all.map((figures) => figures.row()),
  );
}
