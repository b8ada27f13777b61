/** How much of everything a letter shows; what it leaves out is at the item. */
export interface Room {
  /** bytes of HTML that a text of rich text may come to */
  text: number;
  /** characters of a changed value, and of a field */
  value: number;
  field: number;
  /** rows of a table */
  rows: number;
  /** items of a digest */
  items: number;
}

/** A digest tells of no more items than one can still go through; of the others only how many they are. */
export const MOST_ITEMS = 100;

// some eight pages of text; values of some lines on a telephone
const FULL: Room = { text: 30_000, value: 160, field: 400, rows: 60, items: MOST_ITEMS };

/** A part of the room: of very much, all is shown shorter. */
export const roomOf = (part: number): Room => ({
  text: Math.ceil(FULL.text * part),
  value: Math.ceil(FULL.value * part),
  field: Math.ceil(FULL.field * part),
  rows: Math.ceil(FULL.rows * part),
  items: Math.ceil(FULL.items * part),
});
