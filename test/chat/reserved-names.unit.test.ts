import { describe, expect, it } from 'vitest';
import { isReservedDisplayName, isReservedUsername } from '../../src/chat/people/reserved-names.ts';

describe('a display name', () => {
  it.each([
    ['a word', 'Admin', 'administrator', 'SUPPORT', 'System', 'Moderator', 'Official', 'Everyone'],
    ['a word of a deleted account', 'Deleted user', 'deleted  USER', 'Deleted account', 'Deleted'],
    ['several words', 'Support Team', 'The Admins', 'Customer Support', 'System Administrator'],
    ['a name and a title', 'Ann (Admin)', 'Bob | Moderator', 'Kim, official', 'admin_bob'],
    ['signs around it', '★ Admin ★', '[ADMIN]', 'Admin!', 'Support 24/7', 'admin1', '«Support»'],
    ['spaces or dots in it', 'A d m i n', 'a.d.m.i.n', 'Sup port', 'ad-min', 'D e l e t e d user'],
    ['invisible characters', 'Ad\u00admin', 'Sup\u200bport', 'A\u{e0061}dmin', '\u2060Admin'],
    ['accents', 'Ádmin', 'Süpport', 'A\u0338dmin', 'ŞYSTEM'],
    ['figures and signs for letters', 'adm1n', '@dmin', '5upport', 'supp0rt', '$ystem', '@dm!n!'],
    ['look-alikes: I for l, rn for m', 'Officia1', 'OfficiaI', 'Adrnin', 'Rnoderator'],
    ['Cyrillic', 'Аdmin', 'Suрроrt', 'Ѕуѕtеm', 'аԁміп', 'ЅUРРОRТ'],
    ['Greek', 'Αdmin', 'Suppοrt', 'Systεm'],
    ['fonts', '𝐀𝐝𝐦𝐢𝐧', 'Ａｄｍｉｎ', 'Ⓐⓓⓜⓘⓝ', '🅐🅓🅜🅘🅝', '🄰🄳🄼🄸🄽', 'ᴀᴅᴍɪɴ', '🇦🇩🇲🇮🇳'],
  ])('[P14] is reserved: %s', (_kind, ...names) => {
    expect(names.filter((name) => !isReservedDisplayName(name))).toEqual([]);
  });

  it.each([
    ['people', 'Ann', 'Bob Smith', 'Søren', 'Łukasz', 'Иван Петров', 'Γιώργος', '王小明', '김민수'],
    ['words that contain one', 'Badminton', 'Minister', 'Supporter', 'Systematic', 'Hereford'],
    ['words with others', 'Tech Support Guy', 'System of a Down', 'All Might', 'Here Comes Bob'],
    ['guests, figures, signs', 'Guest', 'Guest 12', '007', '🙂', 'l33t', '***', 'Al', 'Mod Ann'],
    ['fillers alone', 'Customer', 'The Team', 'Our Room', 'Help'],
  ])('is free: %s', (_kind, ...names) => {
    expect(names.filter(isReservedDisplayName)).toEqual([]);
  });
});

describe('a username', () => {
  it('[P14] is reserved by the same rule', () => {
    const names = ['admin', '_ad.min-', 'adm1n', 'supp0rt', 'admin-team', 'the.moderators', 'here'];
    const others = ['everyone', 'a11', 'guest', 'guest-ann', 'deleted', 'deleted-1', 'ann-admin'];
    expect([...names, ...others].filter((name) => !isReservedUsername(name))).toEqual([]);
  });

  it('is free otherwise', () => {
    const names = [
      'ann',
      'anna.dmin',
      'badminton',
      'support.act',
      'al',
      '007',
      '_.-',
      'x1',
      'team',
    ];
    expect(names.filter(isReservedUsername)).toEqual([]);
  });
});
