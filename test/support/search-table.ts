/**
 * Texts with queries that find them and queries that do not, for the server and the highlighting.
 */
export const searchTable: readonly {
  readonly text: string;
  readonly found: readonly string[];
  readonly notFound: readonly string[];
}[] = [
  {
    text: 'See https://docs.example.org/guide/getting-started?lang=fr#install.',
    found: [
      'https://docs.example.org/guide/getting-started?lang=fr#install',
      'docs.example.org/guide',
      'docs.example.org',
      'example',
      'example.org ',
      'guide',
      'getting-started',
      'started',
      'fr',
      'install',
      'see https',
    ],
    notFound: ['docs.org', 'example.org/docs', 'https://docs.example.com/', 'tarted'],
  },
  {
    text: 'Who may read/write here?',
    found: ['read', 'write', 'read/write', 'READ', '"read write"', 'who here'],
    notFound: ['write/read', 'reads', 'rite'],
  },
  {
    text: 'Use <script src="x.js"> or <em>stress</em>, not <b>this</b>',
    found: ['script', '<script', 'em', 'stress', '<em>stress</em>', 'x.js', 'this'],
    notFound: ['scripts', '"stress this"'],
  },
  {
    text: 'The file is report-2024.final.pdf, or C:\\Users\\bob\\Old Report.docx',
    found: [
      'report',
      '2024',
      'final',
      'pdf',
      'report-2024',
      'report-2024.final.pdf',
      'users\\bob',
      'docx',
    ],
    notFound: ['report-2023', 'report.pdf', '"report final"'],
  },
  {
    text: 'getUserById calls foo_bar_baz() in HTTPServer2, see node_modules/@types',
    found: [
      'getUserById',
      'getuserbyid',
      'user',
      'get',
      'foo_bar_baz',
      'foo_bar',
      'bar',
      'HTTPServer2',
      'http',
      'server',
      'types',
      'node_modules/@types',
    ],
    notFound: ['serById', 'barfoo', 'bar_foo'],
  },
  {
    text: 'Write to Jean.Dupont+chat@mail.example.fr!',
    found: [
      'jean',
      'dupont',
      'chat',
      'mail.example.fr',
      'jean.dupont+chat@mail.example.fr',
      'dupont jean',
    ],
    notFound: ['dupont.jean', 'jean@mail'],
  },
  {
    text: 'Un café crème à Łódź, naïve Straße, Ærøskøbing, ЁЛКА, Ελλάς',
    found: [
      'cafe',
      'café',
      'cafe\u0301',
      'CAFÉ',
      'creme',
      'lodz',
      'Łódź',
      'naive',
      'strasse',
      'straße',
      'STRASSE',
      'aeroskobing',
      'елка',
      'Ελλάσ',
    ],
    notFound: ['cafés ', 'rème'],
  },
  {
    text: 'a plain cafe and a nai\u0308ve resume',
    found: ['café', 'naïve', 'résumé'],
    notFound: ['cafés'],
  },
  {
    text: '東京都庁で会いましょう。コーヒーを飲む',
    found: ['東京', '京都', '東京都庁', '庁', '会', '会いま', 'コーヒー', 'ｺｰﾋｰ', '飲む', '飲'],
    notFound: ['東庁', '大阪', '都東', 'コヒー', '京会'],
  },
  {
    text: '我们在iPhone手机上看视频',
    found: ['手机', '手机上', 'iPhone手机', 'iphone', 'phone', '视频', '看', '我们在iphone'],
    notFound: ['手上', '机手', '频视'],
  },
  {
    text: 'ผมชอบกินข้าวผัดมาก',
    found: ['ข้าวผัด', 'กิน', 'ชอบ', 'ผมชอบ', 'มาก'],
    notFound: ['ผัดข้าว', 'ไม่'],
  },
  {
    text: '프로젝트를 시작합니다',
    found: ['프로젝트', '프로젝트를', '시작', '젝트', '프로젝트'.normalize('NFD')],
    notFound: ['프젝', '프로시작'],
  },
  {
    text: 'Великая новость: مُحَمَّد wrote हिन्दी',
    found: ['новость', 'НОВОСТЬ', 'محمد', 'हिन्दी', 'Вели'],
    notFound: ['овость', 'हन्दी'],
  },
  {
    text: 'Done 🎉 by 👩🏽‍💻 in 🇫🇷 ❤️',
    found: ['🎉', 'done 🎉', '👩🏽‍💻', '🇫🇷', '❤️', '❤'],
    notFound: ['🎈', '🇩🇪', '"done by"'],
  },
  {
    text: 'Meeting moved to Thursday, 10:30 (v2.1)',
    found: ['thurs', 'meet', 'moved thu', '10:30', 'v2.1', 'meeting or nothing', 'meeting -friday'],
    notFound: ['thurs ', '"thurs"', 'thurs moved ', 'meet moved', 'hursday', 't', 'meeting -moved'],
  },
  {
    text: "It's well-known that x=y+z costs $5,000.00",
    found: ["it's", 'well-known', 'known', 'x', '5,000', '$5,000.00', '"that x"'],
    notFound: ['its', 'wellknown', '5000'],
  },
  {
    text: `sha ${'0a1b2c3d'.repeat(16)} end`,
    found: ['0a1b2c3d'.repeat(16), '0a1b2c3d', 'end'],
    notFound: ['1b2c', '2c3d'],
  },
  {
    text: 'soft\u00adhyphen and zero\u200bwidth',
    found: ['softhyphen', 'zerowidth', 'soft'],
    notFound: ['hyphen'],
  },
];
