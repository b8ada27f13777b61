/** How moments are written in a time zone, so that they sort and spreadsheets know them: "2026-03-02 01:00". */
export function momentsIn(timeZone: string): (time: string | Date) => string {
  // the Swedish way
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (time) => format.format(typeof time === 'string' ? new Date(time) : time);
}
