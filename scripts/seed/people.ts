/** A seeded user. */
export interface Person {
  readonly username: string;
  readonly displayName: string;
}

/** The bot of the application. It is a member of the rooms in which it writes. */
export const bot: Person = { username: 'deploys', displayName: 'Deploys' };

export const people: readonly Person[] = [
  ['ada', 'Ada Okafor'],
  ['ben', 'Ben Lindqvist'],
  ['chiara', 'Chiara Rossi'],
  ['dmitri', 'Dmitri Volkov'],
  ['elif', 'Elif Demir'],
  ['farid', 'Farid Haddad'],
  ['grace', 'Grace Kim'],
  ['hugo', 'Hugo Martins'],
  ['ines', 'Inés Castillo'],
  ['jonas', 'Jonas Weber'],
  ['kavya', 'Kavya Nair'],
  ['liam', 'Liam Byrne'],
  ['mei', 'Mei Tanaka'],
  ['noor', 'Noor Rahman'],
  ['olu', 'Olu Adeyemi'],
  ['priya', 'Priya Shah'],
  ['quinn', 'Quinn Harper'],
  ['rosa', 'Rosa Jiménez'],
  ['sven', 'Sven Dahl'],
  ['tara', "Tara O'Neill"],
].map(([username, displayName]) => ({ username: username!, displayName: displayName! }));
