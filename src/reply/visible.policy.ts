/** What is not hidden, as one reads it: line breaks as "\n", nothing empty around it; lines of flowed text joined (RFC 3676). */
export function visibleTextOf(
  fragments: readonly { content: string; isHidden: boolean }[],
  { flowed = false, delSp = false }: { flowed?: boolean; delSp?: boolean },
): string {
  let said = '';
  for (const { content, isHidden } of fragments) if (!isHidden) said += content;
  const text = said.replace(/\r\n?/g, '\n');
  return (flowed ? unflowed(text, delSp) : text).trim();
}

function unflowed(text: string, delSp: boolean): string {
  const joined: string[] = [];
  let depth = -1;
  let isOpen = false;
  for (const line of text.split('\n')) {
    const marks = /^>{0,100}/.exec(line)![0].length;
    // a space was put before lines that would else be taken for something
    const said = line.slice(marks).replace(/^ /, '');
    const goesOn = isOpen && marks === depth;
    isOpen = said.endsWith(' ') && said !== '-- ';
    depth = marks;
    const content = isOpen && delSp ? said.slice(0, -1) : said;
    if (goesOn) joined[joined.length - 1] += content;
    else joined.push(marks > 0 ? `${'>'.repeat(marks)} ${content}` : content);
  }
  return joined.join('\n');
}
