const hues = 12;

/** The colour of a user, the same on every device: the number of a CSS class `hue-…`. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  return sum % hues;
}
