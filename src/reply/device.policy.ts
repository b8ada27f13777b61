import { foldedWords, listed, phraseAt, phrasesOf } from './phrase.policy.ts';

const BEGINS = phrasesOf(listed('device'));
const ENDS = phrasesOf(listed('deviceEnd'));
// the same in all languages
const PRODUCTS = phrasesOf(
  'iphone|ipad|ipod|ios|android|samsung|galaxy|blackberry|blackberrry|huawei|honor|xiaomi|redmi|poco|oneplus|oppo|vivo|realme|nokia|lumia|windows phone|windows 10|windows 11|windows mail|windows|outlook|thunderbird|yahoo|gmail|gmx|web de|mail ru|myмail|mymail|proton|protonmail|proton mail|k 9|k9|fairemail|airmail|sparrow|mailbox|polymail|superhuman|acompli|mobile|mobil|smartphone|smartfon|smartphonem|smartfonu|handy|handset|tablet|tablette|htc|motorola|moto|xperia|sony|pixel|verizon|t mobile|vodafone|orange|nine|boxer|bluemail|blue mail|typeapp|mailspring|newton|zoho|fastmail|tutanota|tuta|missive|workspace one|mail for windows|cell|cellphone|phone|telephone|telefon|telefono|telefone|telefoon|telefonu|telefonem|téléphone|celular|móvil|movil|cellulare|matkapuhelin|puhelin|puhelimesta|mobiltelefon|mobilu|komórki|telefonu|apple|macbook|ipad mini|lg|asus|zte|alcatel|webmail|aol|icloud|spark|edison|aqua mail|aquamail|email client|mail app|телефона|смартфона|айфона|яндекс|yandex|почты|почта|мобильной|телефон|мобильного|邮箱|手机|手機|企业微信|企业邮箱|foxmail|網易|网易|스마트폰|휴대폰|갤럭시|네이버|携帯|スマートフォン|스마트폰에서|nextcloud|roundcube|horde|sogo|em client|evolution|mailbird|postbox|the bat|mutt|gnus|kmail|fritz|telekom|swisscom|bell|rogers|wireless|palm|treo|pda|device|terminal|gerät|appareil|dispositivo|apparaat|enhet|laite|laitteesta|urządzenia|zařízení|telefonul|готин|dispositif|telefonum|cihazımdan|phablet|surface|chromebook|watch'.split(
    '|',
  ),
);
const OWN = new Set(
  'my mein meinem meiner mon ma mes mijn mio mia mi meu minha min mitt minun moje mojego mojej mojeho mojí môjho svého mého az mano mana mana minu mój mojog мой моего моей моє мого моя benim'.split(
    ' ',
  ),
);
// each is short; what is longer is somebody's sentence
const MOST_WORDS = 16;
const LONGEST = 200;
// "发自我的手机"
const LEAST = 5;
// a device of one's own may have any name, of a few words
const MOST_OF_A_NAME = 4;

/** A line without the links that are written into it. */
const withoutLinks = (line: string): string =>
  line.replace(/<[^<>]{0,200}>|\[?https?:\/\/\S{0,300}|\((?:https?:[^()]{0,200})\)/g, ' ');

/** Whether a line is what a phone or a mail program adds by itself: "Sent from my iPhone", "Hent Outlook til Android". */
export function isDeviceLine(line: string): boolean {
  if (line.length > LONGEST * 2 || line.length < LEAST) return false;
  const words = foldedWords(withoutLinks(line));
  if (words.length === 0 || words.length > MOST_WORDS + (isSpaced(line) ? 0 : MOST_WORDS * 2)) return false;
  const begins = phraseAt(BEGINS, words, 0);
  const ends = endOf(words);
  const product = words.some((_, at) => phraseAt(PRODUCTS, words, at) > 0 || isInflected(words[at]!));
  if (isGet(words)) return true;
  // "Sent from my desk, which is easier than my phone" is a sentence
  if (/[,;:]\s*(?:\S+\s+){3}/.test(line)) return false;
  if (!begins && !ends) return false;
  // "Sent from a quiet corner" may be the author's own
  const own = words.findIndex((word) => OWN.has(word));
  const owned =
    begins > 0 && own >= 0 && own <= begins && words.length - own - 1 <= MOST_OF_A_NAME && words.length - own > 1;
  return (product && (begins > 1 || ends || words.length <= 8)) || owned;
}

/** Whether the last words are such as these lines end with. */
function endOf(words: readonly string[]): boolean {
  for (let at = Math.max(0, words.length - 12); at < words.length; at += 1) {
    if (phraseAt(ENDS, words, at) === words.length - at) return true;
  }
  return false;
}

/** "iPhone'umdan", "iPhonesta", "Galaxy-puhelimesta": products with endings of the language. */
const isInflected = (word: string): boolean =>
  /^(?:iphone|ipad|android|samsung|galaxy|outlook|huawei|blackberry)\p{L}{1,8}$/u.test(word);

/** "Get Outlook for iOS", in any language. */
const isGet = (words: readonly string[]): boolean =>
  words.length <= 7 &&
  words.some((word) => word.startsWith('outlook')) &&
  words.some((word) => /^(?:ios|android|iphone|ipad|mac|macos|windows)/.test(word)) &&
  words.length >= 3;

const isSpaced = (line: string): boolean => !/[\u3040-\u30ff\u3400-\u9fff]/.test(line);
