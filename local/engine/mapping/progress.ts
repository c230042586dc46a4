/** A record's place in its shard. */
export interface Place {
  readonly sequenceNumber: string;
  readonly bytes: number;
  settled: boolean;
}

/** Which of a shard's records are settled. Lanes settle out of order; the checkpoint only passes what is settled without a gap. */
export class Progress {
  readonly #advanced: (sequenceNumber: string) => void;
  #places: Place[] = [];
  #read = 0;
  #settled = 0;
  #bytes = 0;

  /** @param advanced told the checkpoint, the last sequence number up to which everything is settled, whenever it moves */
  constructor(advanced: (sequenceNumber: string) => void) {
    this.#advanced = advanced;
  }

  /** How many records have been read. */
  get read(): number {
    return this.#read;
  }

  /** How many of the first records are settled without a gap. */
  get settled(): number {
    return this.#settled;
  }

  /** Records between the checkpoint and the last one read. */
  get outstanding(): number {
    return this.#read - this.#settled;
  }

  /** The size of the records that are outstanding. */
  get outstandingBytes(): number {
    return this.#bytes;
  }

  /** Takes the shard's next record note. */
  add(sequenceNumber: string, bytes: number): Place {
    const place = { sequenceNumber, bytes, settled: false };
    this.#places.push(place);
    this.#read += 1;
    this.#bytes += bytes;
    return place;
  }

  /** Marks records as settled. */
  settle(places: readonly Place[]): void {
    for (const place of places) place.settled = true;
    let gone = 0;
    while (this.#places[gone]?.settled) {
      this.#bytes -= this.#places[gone]!.bytes;
      gone += 1;
    }
    if (gone === 0) return;
    const checkpoint = this.#places[gone - 1]!.sequenceNumber;
    this.#places = this.#places.slice(gone);
    this.#settled += gone;
    this.#advanced(checkpoint);
  }
}
