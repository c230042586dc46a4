import { expect } from "chai";
import { copyOptions } from "../../../../local/engine/redshift/copy-options.ts";

describe("the options of a COPY", () => {
  it("have Redshift's defaults", () => {
    expect(copyOptions("FORMAT AS JSON 'auto'")).to.deep.equal({
      json: "auto",
      gzip: false,
      timeFormat: "default",
      dateFormat: "default",
      blanksAsNull: false,
      emptyAsNull: false,
      trimBlanks: false,
      truncateColumns: false,
      round: false,
      explicitIds: false,
      statUpdate: false,
      maxError: 0,
    });
  });

  it("are read in any order and case", () => {
    expect(
      copyOptions(
        "gzip JSON 'auto ignorecase' TIMEFORMAT AS 'auto' dateformat 'auto' ACCEPTINVCHARS AS '^' NULL AS 'x' BLANKSASNULL EMPTYASNULL " +
          "TRIMBLANKS TRUNCATECOLUMNS ROUNDEC EXPLICIT_IDS MAXERROR AS 5 COMPUPDATE OFF STATUPDATE ON COMPROWS 10 REGION 'eu-west-1'",
      ),
    ).to.deep.equal({
      json: "auto ignorecase",
      gzip: true,
      timeFormat: "auto",
      dateFormat: "auto",
      invalidChars: "^",
      nullAs: "x",
      blanksAsNull: true,
      emptyAsNull: true,
      trimBlanks: true,
      truncateColumns: true,
      round: true,
      explicitIds: true,
      statUpdate: true,
      maxError: 5,
    });
    expect(copyOptions("ACCEPTINVCHARS GZIP FORMAT JSON 'noshred'")).to.include({ invalidChars: "?", json: "noshred" });
  });

  for (const [options, message] of [
    ["GZIP", "FORMAT JSON"],
    ["FORMAT CSV", "FORMAT JSON"],
    ["JSON 'auto' FILLRECORD", `"FILLRECORD" is not known`],
    ["JSON 's3://b/paths.json'", "'s3://b/paths.json' is not known"],
    ["JSON 'auto' MAXERROR many", "MAXERROR needs a number, but got many"],
    ["JSON auto", "JSON needs a text in single quotes, but got auto"],
    ["JSON 'auto' constructor", `"constructor" is not known`],
    ["JSON 'auto' TIMEFORMAT 'YYYY'", "'YYYY' is not known"],
  ] as const) {
    it(`are refused by name: ${options}`, () => {
      expect(() => copyOptions(options)).to.throw(message);
    });
  }
});
