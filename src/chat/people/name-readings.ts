/** Characters that readers take for a letter, and are not made into it by normalisation. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аαɑᴀ@4',
    b: 'ƀʙвß8',
    c: 'сϲᴄƈ',
    d: 'ԁđɗᴅ',
    e: 'еєεҽɛᴇ3',
    f: 'ƒꜰ',
    g: 'ɡɢ',
    h: 'һհʜ',
    i: 'іıɩιɪ1!|ӏlłɫʟ',
    k: 'кκᴋ',
    m: 'мᴍ',
    n: 'ոηɴп',
    o: 'оοօσøᴏ0',
    p: 'рρᴘ',
    r: 'гʀ',
    s: 'ѕꜱ5$',
    t: 'тτŧᴛ7',
    u: 'սυᴜ',
    v: 'νѵᴠ',
    w: 'ѡաԝᴡ',
    x: 'хχ',
    y: 'уγүʏ',
    z: 'ᴢ',
  }).flatMap(([letter, same]) => [...same].map((one) => [one, letter] as const)),
);

/** The letters in a square, in a black circle or square, and of flags, which stand in order. */
const letterRows = [0x1f130, 0x1f150, 0x1f170, 0x1f1e6];

function letterOf(character: string): string {
  const code = character.codePointAt(0)!;
  const row = letterRows.find((start) => code >= start && code < start + 26);
  const letter = row === undefined ? character : String.fromCharCode(97 + code - row);
  return lookalikes.get(letter) ?? letter;
}

/**
 * The text in letters that look alike to readers: without case, accents, invisible characters and
 * fonts. `l` is `i` here, because it looks like a capital one, `rn` is `m`, and `vv` is `w`.
 */
export function lettersOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
  return [...plain].map(letterOf).join('').replaceAll('rn', 'm').replaceAll('vv', 'w');
}

const betweenWords = /[^\p{L}\p{N}@$!|\p{M}\p{Default_Ignorable_Code_Point}\u{1F130}-\u{1F1FF}]+/u;
/** Figures and signs around a word, which stand for no letter. */
const around = /^[\d!|]+|[\d!|]+$/g;

/**
 * The ways in which a reader may understand a name: each a list of words, in letters that look
 * alike. `5upport` reads as `support`, and so does `support 24/7`, `Support!` and `s.u.p.p.o.r.t`.
 */
export function readingsOf(name: string): string[][] {
  const parts = name.normalize('NFKD').split(betweenWords).filter(Boolean);
  const readings = [parts, parts.map((part) => part.replace(around, ''))].map((words) =>
    words.map(lettersOf).filter(Boolean),
  );
  return [...readings, ...readings.map((words) => [words.join('')])];
}
