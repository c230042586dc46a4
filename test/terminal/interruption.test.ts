import { EventEmitter } from "node:events";
import { expect } from "chai";
import { Interrupted, interruption } from "../../terminal/interruption.ts";

describe("interruption", () => {
  function listen() {
    const exits: number[] = [];
    const target = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
    const clock = { now: 0 };
    return { target, exits, clock, signal: interruption(target, () => clock.now) };
  }

  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    it(`asks for an end at ${name}, and ends at once when it comes again`, () => {
      const { target, exits, clock, signal } = listen();
      target.emit(name);
      expect(signal.reason).to.be.instanceOf(Interrupted);
      clock.now = 1000;
      target.emit(name);
      expect(exits).to.deep.equal([130]);
    });
  }

  it("takes a signal that follows within a second for the same one", () => {
    const { target, exits, clock } = listen();
    target.emit("SIGINT");
    clock.now = 999;
    target.emit("SIGINT");
    expect(exits).to.deep.equal([]);
  });
});
